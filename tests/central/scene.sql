-- Rows of everything at every place, placed by their triggers; the mark is the code of the owner.
UPDATE enterprise SET address = 'mark-' || code, contact_name = 'mark-' || code;
UPDATE agency_detail SET address = 'mark-@' || agency_id, contact_name = 'mark-@' || agency_id;
INSERT INTO gateway (id, enterprise_id, name, public_key, created_at)
SELECT 'gw-' || lower(code), id, 'mark-' || code, sha256(code::bytea), now() FROM enterprise;
INSERT INTO gateway_state (gateway_id, presence, software) SELECT id, 'online', name FROM gateway;
INSERT INTO gateway_boot (gateway_id, boot, mono_ms, at, first_at) SELECT id, 1, 1, now(), now() FROM gateway;
INSERT INTO gateway_figures (gateway_id, run, software, model, cores, ram_mb, python, load, measured_at,
                             received_at, figures)
SELECT id, '1', name, 'box', 4, 905, '3.11', 0.1, now(), now(), '[]' FROM gateway;
INSERT INTO gateway_configuration (gateway_id, version, content, hash, reason, made_at, made_by, changed_at)
SELECT id, 1, '# ' || name, encode(sha256(name::bytea), 'hex'), name, now(), name, now() FROM gateway;
INSERT INTO gateway_absence (gateway_id, began_at) SELECT id, now() FROM gateway;
INSERT INTO gateway_tape (gateway_id, name, reason, asked_by, fetched_at, sha256, content)
SELECT id, name, name, name, now(), sha256(name::bytea), name::bytea FROM gateway;
INSERT INTO output_state (gateway_id, output, seen_at, ok, ok_since, reason)
SELECT id, 'horn', now(), false, now(), name FROM gateway;
INSERT INTO alarm_load (gateway_id, annunciator, hour, most, flood) SELECT id, name, now(), 1, false FROM gateway;
INSERT INTO point (gateway_id, enterprise_id, key, name, quantity, unit, source, period_ms, current, created_at)
SELECT id, enterprise_id, 'GT-1', name, 'gas', 'ppm', 'bus/1', 1000, true, now() FROM gateway;
INSERT INTO latest (point_id, at, value, quality, ordinal, seq, received_at)
SELECT id, now(), 1, 192, 1, 1, now() FROM point;
INSERT INTO alarm_state (gateway_id, alarm, point_id, occurrence, state, limit_name, side, since, value, quality,
                         ordinal, seq, updated_at, covered_by, covered_why, covered_since, covered_until)
SELECT gateway_id, 'GT-1/H', id, '1', 'G', 'H', 'high', now(), 2, 192, 1, 1, now(), name, name, now(),
       now() + interval '1 day' FROM point;
INSERT INTO warning (id, kind, subject_type, subject_id, side, is_test, enterprise_id, gateway_id, point_id, title,
                     subject_name, level, policy, level_reason, occurrence, raised_at, received_at, updated_at)
SELECT gen_random_uuid(), 'alarm', 'point', p.id, 'high', false, p.enterprise_id, p.gateway_id, p.id, p.name, p.name,
       4, '{"name": "p", "level": 4, "version": 1, "region": "", "handling_s": 60, "repeat_s": 60,
            "steps": [{"delay_s": 0, "rank": 0, "channels": ["in_app"]}, {"delay_s": 0, "rank": 2, "channels": ["in_app"]},
                      {"delay_s": 0, "rank": 3, "channels": ["in_app"]}, {"delay_s": 0, "rank": 9, "channels": ["in_app"]}]}',
       p.name, '1', now(), now(), now() FROM point AS p;
INSERT INTO warning_event (warning_id, at, recorded_at, source, kind, title, detail)
SELECT id, now(), now(), 'centre', 'raised', title, title FROM warning;
UPDATE warning SET due_at = now();
INSERT INTO timer (warning_id, kind, due_at) SELECT id, 'ladder', now() FROM warning;
INSERT INTO enrolment_code (gateway_id, enterprise_id, name, hash, created_at, created_by, expires_at)
SELECT id, enterprise_id, name, sha256(id::bytea), now(), name, now() + interval '1 day' FROM gateway;
INSERT INTO certificate (serial, gateway_id, signing_key, request, pem, issued_at, not_before, not_after, way,
                         revoked_why)
SELECT 'a' || number, id, public_key, '', name, now(), now(), now() + interval '90 days', 'code', name FROM gateway;
INSERT INTO command (id, gateway_id, boot, command, alarm, actor, reason, created_at, expires_mono_ms)
SELECT gen_random_uuid(), id, 1, 'silence', name, name, name, now(), 1 FROM gateway;
INSERT INTO department (enterprise_id, name, duties) SELECT id, '安全科 mark-' || code, 'mark-' || code FROM enterprise;
INSERT INTO department (agency_id, name, duties) SELECT id, '监察科 mark-@' || id, 'mark-@' || id FROM agency;
INSERT INTO post (enterprise_id, name) SELECT id, '安全员 mark-' || code FROM enterprise;
INSERT INTO post (agency_id, name) SELECT id, '科员 mark-@' || id FROM agency;
INSERT INTO staff (enterprise_id, name, phone) SELECT id, '员工 mark-' || code, '' FROM enterprise;
INSERT INTO staff (agency_id, name, phone) SELECT id, '干部 mark-@' || id, '' FROM agency;
INSERT INTO organisation_check (enterprise_id, checked_at, departments, people) SELECT id, now(), 1, 1 FROM enterprise;
INSERT INTO committee_unit (agency_id, name) SELECT id, '成员单位 mark-@' || id FROM agency;
INSERT INTO intermediary (agency_id, name, credit_code, kind, qualification_no, valid_from, valid_until)
SELECT id, '中介 mark-@' || id, '91429900000000000' || id, 'testing', 'Q' || id, '2020-01-01', '2099-01-01' FROM agency;
INSERT INTO message (account_id, key, kind, title, place, sector, at)
SELECT a.id, e.code, 'warning', 'mark-' || e.code, e.place, e.sector, now() FROM account AS a, enterprise AS e;
INSERT INTO account (login, password_hash, display_name, role, enterprise_id)
SELECT 'staff-' || lower(code), '!', '账号 mark-' || code, 'enterprise-staff', id FROM enterprise;
INSERT INTO account (login, password_hash, display_name, role, agency_id)
SELECT 'clerk-' || id, '!', '账号 mark-@' || id, 'township', id FROM agency;
INSERT INTO number_format (agency_id, kind, name, pattern, serial_length, resets)
SELECT id, 'report', '报告', id || '号〔{year}〕{serial}', 4, 'yearly' FROM agency;
INSERT INTO relocation (kind, place, title, reason, plan, state, effective_at, made_at, made_by_name)
SELECT k.kind, e.place, 'mark-' || e.code, 'mark-' || e.code, '{}', 'done', now(), now(), 'mark-' || e.code
FROM enterprise AS e, unnest(ARRAY['move', 'reorganisation']) AS k (kind);
INSERT INTO api_key (prefix, hash, account_id, place, name, created_at, expires_at)
SELECT 'k' || a.id, sha256(a.login::bytea), a.id, a.place, a.display_name, now(), now() + interval '1 day'
FROM account AS a WHERE a.password_hash = '!';
INSERT INTO recovery_request (kind, place, account_id, applicant, contact, words, created_at)
SELECT 'password', a.place, a.id, a.display_name, a.display_name, a.display_name, now()
FROM account AS a WHERE a.password_hash = '!';
INSERT INTO enterprise_event (enterprise_id, at, kind, title, reason, by_name)
SELECT id, now(), 'status', 'mark-' || code, 'mark-' || code, 'mark-' || code FROM enterprise;
INSERT INTO enterprise_watch (account_id, enterprise_id) SELECT a.id, e.id FROM account AS a, enterprise AS e;
INSERT INTO enterprise_application (place, sector, credit_code, name, region_code, address, contact_name, contact_phone,
                                    words, receipt_hash, created_at)
SELECT e.place, e.sector, e.credit_code, 'mark-' || e.code, e.region_code, 'mark-' || e.code, 'mark-' || e.code, '',
       'mark-' || e.code, sha256(e.place::bytea), now() FROM enterprise AS e;
INSERT INTO enterprise_batch (place, name, made_at, made_by_name, total)
SELECT e.place, 'mark-' || e.code, now(), 'mark-' || e.code, 1 FROM enterprise AS e;
INSERT INTO enterprise_batch_row (batch_id, line, outcome, credit_code, name, facts)
SELECT b.id, 2, 'bad', b.name, b.name, '{}' FROM enterprise_batch AS b;
INSERT INTO enterprise_pair (first_id, second_id, place, reason, marked_at, marked_by_name)
SELECT a.id, min(b.id), a.place, 'mark-' || a.code, now(), 'mark-' || a.code
FROM enterprise AS a JOIN enterprise AS b ON b.id > a.id GROUP BY a.id, a.place, a.code;
INSERT INTO declared_stop (record_id, enterprise_id, place, name, first_day)
SELECT id, id, '', 'mark-' || code, '2026-01-01' FROM enterprise;
INSERT INTO enterprise_removal (enterprise_id, reason, asked_at, asked_by, asked_by_name, asked_rank)
SELECT e.id, 'mark-' || e.code, now(), (SELECT min(a.id) FROM account AS a), 'mark-' || e.code, 3 FROM enterprise AS e;
INSERT INTO stored_file (sha256, size, media_type, thumbnail, scan, stored_at)
VALUES (repeat('0', 64), 9, 'application/pdf', false, 'clean', now());
INSERT INTO file_in_parts (id, account_id, name, size, sha256, answer, at)
SELECT lpad((row_number() OVER (ORDER BY a.login))::text, 32, '0'), a.id, 'mark-' || e.code, 9, '', jsonb_build_object(
    'sha256', repeat('0', 64), 'name', 'mark-' || e.code, 'size', 9, 'media_type', 'application/pdf', 'scan', 'clean'), now()
FROM account AS a JOIN enterprise AS e ON e.id = a.enterprise_id WHERE a.login IN ('enterprise', 'mover');
INSERT INTO file_use (register, record_id, sha256, name, enterprise_id, at)
SELECT 'certificates', id, repeat('0', 64), 'mark-' || code, id, now() FROM enterprise;
INSERT INTO file_use (register, record_id, sha256, name, agency_id, at)
SELECT 'laws', id, repeat('0', 64), 'mark-@' || id, id, now() FROM agency;
INSERT INTO file_use (register, record_id, sha256, name, enterprise_id, at)
SELECT 'warning', w.number, repeat('0', 64), 'mark-' || e.code, e.id, now()
FROM warning AS w JOIN enterprise AS e ON e.id = w.enterprise_id;
INSERT INTO warning_photo (warning_id, sha256, name, at, account_id, who)
SELECT w.id, repeat('0', 64), 'mark-' || e.code, now(), (SELECT min(a.id) FROM account AS a), 'mark-' || e.code
FROM warning AS w JOIN enterprise AS e ON e.id = w.enterprise_id;
INSERT INTO warning_read (warning_id, account_id, who, at)
SELECT w.id, (SELECT min(a.id) FROM account AS a), 'mark-' || e.code, now()
FROM warning AS w JOIN enterprise AS e ON e.id = w.enterprise_id;
INSERT INTO code_revocation (register, record_id, issue, enterprise_id, reason, revoked_at, revoked_by, revoked_name)
SELECT 'enterprise', id, 1, id, 'mark-' || code, now(), 1, 'mark-' || code FROM enterprise;
INSERT INTO code_revocation (register, record_id, issue, agency_id, reason, revoked_at, revoked_by, revoked_name)
SELECT 'shelters', id, 1, id, 'mark-@' || id, now(), 1, 'mark-@' || id FROM agency;
INSERT INTO import_job (register, account_id, file_name, bytes, sha256, content, dry_run, submit, state, total, done, bad,
                        notices, created_at, ended_at)
SELECT 'certificates', a.id, 'mark-' || e.code, 1, '', 'x', true, true, 'checked', 1, 1, 1, ARRAY['mark-' || e.code],
       now(), now()
FROM account AS a JOIN enterprise AS e ON e.id = a.enterprise_id WHERE a.login IN ('enterprise', 'mover');
INSERT INTO import_bad_row (job_id, row_order, found)
SELECT id, 0, jsonb_build_object('number', 2, 'sheet', '人员证书', 'problems', '[]'::jsonb, 'cells', jsonb_build_object(
    '人员证书', jsonb_build_array(jsonb_build_array(NULL, NULL, NULL, NULL, file_name)))) FROM import_job;
INSERT INTO reminder (register, cause, field, enterprise_id, place, register_title, words, title, due_on, found_at)
SELECT 'certificates', 'day', 'valid', id, '', 'mark-' || code, 'mark-' || code, 'mark-' || code, '2026-01-01', now()
FROM enterprise;
INSERT INTO reminder (register, cause, agency_id, place, register_title, words, due_on, found_at)
SELECT 'experts', 'update', id, '', 'mark-@' || id, 'mark-@' || id, '2026-01-01', now() FROM agency;
UPDATE enterprise SET longitude = 110 + 0.02 * id, latitude = 30;
UPDATE map_object AS m SET name = 'mark-' || e.code FROM enterprise AS e WHERE e.id = m.enterprise_id;
INSERT INTO level_draft (region, name, source, rules, created_by_name)
SELECT DISTINCT left(place, 6), '草稿', '本级', '[{"kind": "alarm", "level": "blue", "reason": "草稿"}]'::jsonb, '甲'
FROM enterprise;
INSERT INTO proposal (kind, subject_type, subject_id, side, is_test, enterprise_id, level, level_reason, title, reference,
                      fact, given, proposed_at, proposed_name, due_at)
SELECT 'manual', 'enterprise', id::text, 'other', false, id, 2, 'mark-' || code, 'mark-' || code, '1',
       jsonb_build_object('detail', 'mark-' || code), false, now(), 'mark-' || code, now() + interval '1 day'
FROM enterprise;
INSERT INTO proposal (kind, subject_type, subject_id, side, is_test, agency_id, level, level_reason, title, reference,
                      fact, given, proposed_at, proposed_name, due_at)
SELECT 'manual', 'agency', id::text, 'other', false, id, 2, 'mark-@' || id, 'mark-@' || id, '1',
       jsonb_build_object('detail', 'mark-@' || id), false, now(), 'mark-@' || id, now() + interval '1 day'
FROM agency;
INSERT INTO notice (key, agency_id, title, body, reply_by, sent_at, sent_by, sent_name)
SELECT gen_random_uuid(), o.sender, o.mark, o.mark, now() + interval '1 day', now(), (SELECT min(id) FROM account), o.mark
FROM (SELECT agency_id AS sender, 'mark-' || code AS mark FROM enterprise
      UNION ALL SELECT id, 'mark-@' || id FROM agency) AS o
ORDER BY o.mark;
INSERT INTO notice_receiver (notice_id, enterprise_id, agency_id, reply)
SELECT n.id, e.id, g.id, n.title FROM notice AS n
LEFT JOIN enterprise AS e ON n.title = 'mark-' || e.code LEFT JOIN agency AS g ON n.title = 'mark-@' || g.id
ORDER BY n.id;
INSERT INTO external_warning (sender, identifier, identifiers, source_name, kind, enterprise_id, is_test, level,
                              level_reason, title, text, at, received_at, updated_at, raw)
SELECT 'mark-' || code, '1', ARRAY['1'], 'mark-' || code, 'external', id, false, 2, 'mark-' || code, 'mark-' || code,
       'mark-' || code, now(), now(), now(), 'mark-' || code
FROM enterprise;
INSERT INTO external_warning (sender, identifier, identifiers, source_name, kind, agency_id, is_test, level,
                              level_reason, title, text, at, received_at, updated_at, raw)
SELECT 'mark-@' || id, '1', ARRAY['1'], 'mark-@' || id, 'weather', id, false, 2, 'mark-@' || id, 'mark-@' || id,
       'mark-@' || id, now(), now(), now(), 'mark-@' || id
FROM agency;
INSERT INTO risk_draft (scale, region, name, source, definition, created_by_name)
SELECT DISTINCT ON (left(e.place, 6)) 'enterprise', left(e.place, 6), '草稿', '本级', m.definition, '甲'
FROM enterprise AS e, risk_model AS m WHERE m.scale = 'enterprise';
INSERT INTO risk_index (subject, scale, period, enterprise_id, place, sector, model_id, score, level, inputs, missing,
                        inputs_at, day)
SELECT 'enterprise/' || e.id, 'enterprise', 'live', e.id, e.place, e.sector, m.id, 10, 1, '{"alarm_red": 0}', 1, now(),
       current_date
FROM enterprise AS e, risk_model AS m WHERE m.scale = 'enterprise';
INSERT INTO risk_index (subject, scale, period, place, sector, model_id, score, level, inputs, missing, inputs_at, day)
SELECT DISTINCT 'area/' || left(e.place, l.long), 'area', 'live', left(e.place, l.long), '', m.id, 10, 1,
       '{"worst": 10}'::jsonb, 1, now(), current_date
FROM enterprise AS e, risk_model AS m, unnest(ARRAY[4, 6, 9]) AS l (long) WHERE m.scale = 'area';
INSERT INTO risk_day (subject, day, scale, enterprise_id, place, sector, model_id, score, worst, level, inputs, inputs_at)
SELECT subject, day, scale, enterprise_id, place, sector, model_id, score, score, level, inputs, inputs_at FROM risk_index;
INSERT INTO patrol_finding (point_id, enterprise_id, gateway_id, code, rule_id, since, found_at, seen_at, unit, words)
SELECT p.id, p.enterprise_id, p.gateway_id, 'stale', (SELECT min(r.id) FROM patrol_rule AS r), now(), now(), now(), '',
       'mark-' || e.code
FROM point AS p JOIN enterprise AS e ON e.id = p.enterprise_id;
INSERT INTO patrol_day (enterprise_id, day, points, score, stability, reliability, effectiveness, values_good, values_all,
                        judged_at)
SELECT id, CURRENT_DATE, 1, 50, 1, 1, 1, 1, 1, now() FROM enterprise;
INSERT INTO patrol_loss (enterprise_id, day, code, gateway_id, finding_id, since, held_s, points, lost)
SELECT f.enterprise_id, CURRENT_DATE, f.code, f.gateway_id, f.id, now(), 1, 1, 50 FROM patrol_finding AS f;
INSERT INTO management_finding (enterprise_id, item, threshold_id, value, limit_value, since, seen_at)
SELECT e.id, 'plan', (SELECT min(t.id) FROM management_threshold AS t), 1, 0, now(), now() FROM enterprise AS e;
INSERT INTO digest (id, channel, address, is_test, enterprise_id, place, sector, person_name, urgency, levels, text, state,
                    reason, created_at, ended_at, settled_at)
SELECT gen_random_uuid(), 'sms', '13800000000', false, id, place, sector, 'mark-' || code, 0, '{"4": 2}', 'mark-' || code,
       'failed', 'mark-' || code, now(), now(), now() FROM enterprise;
INSERT INTO digest (id, channel, address, is_test, agency_id, place, person_name, agency_name, urgency, levels, text, state,
                    created_at, ended_at, settled_at)
SELECT gen_random_uuid(), 'sms', '13800000000', false, id, place, 'mark-@' || id, 'mark-@' || id, 0, '{"4": 2}',
       'mark-@' || id, 'delivered', now(), now(), now() FROM agency;
INSERT INTO suppression_window (category, subject_type, subject_id, subject_name, enterprise_id, reason, permit_no,
    starts_at, ends_at, declared_at, declared_by, declared_name, declared_for, updated_at)
SELECT 'maintenance', 'enterprise', e.id::text, 'mark-' || e.code, e.id, 'mark-' || e.code, 'mark-' || e.code,
    now() - interval '1 hour', now() + interval '1 day', now(), (SELECT min(a.id) FROM account AS a), 'mark-' || e.code,
    'mark-' || e.code, now() FROM enterprise AS e;
INSERT INTO device_period (device_id, gateway_id, enterprise_id, state, cause, began_at, ended_at)
SELECT id, gateway_id, enterprise_id, 'offline', 'heartbeat', now(), now() FROM device;
INSERT INTO enterprise_connection (enterprise_id, state, since, offline, told_at)
SELECT id, 'offline', now(), 1, now() FROM enterprise;
INSERT INTO connection_day (enterprise_id, day, devices, watched_s, offline_s, abnormal_s, periods, reckoned_at)
SELECT id, (now() AT TIME ZONE 'Asia/Shanghai')::date, 1, 86400, 60, 0, 1, now() FROM enterprise;
INSERT INTO offline_report (enterprise_id, cause, words, measures, from_at, until_at, made_at, made_by, made_name)
SELECT e.id, 'repair', 'mark-' || e.code, 'mark-' || e.code, now(), now() + interval '1 day', now(),
       (SELECT min(a.id) FROM account AS a), 'mark-' || e.code FROM enterprise AS e;
INSERT INTO device_fault (device_id, enterprise_id, found_at, words, made_at, made_by, made_name)
SELECT d.id, d.enterprise_id, now(), d.name, now(), (SELECT min(a.id) FROM account AS a), d.name FROM device AS d;
INSERT INTO resource_minimum (agency_id, region, name, register, minimum, unit, source, counted, short_since)
SELECT id, '42', 'mark-@' || id, 'experts', 1, '人', 'mark-@' || id, 0, now() FROM agency;
INSERT INTO alarm_day (enterprise_id, day, annunciated, covered, chattering, stale, standing, floods, flood_s, flood_alarms,
                       flooding, peak_ten, tens_over, hours_over, by_hour, by_priority, acknowledged, acknowledge_s, whole,
                       rolled_at)
SELECT id, (now() AT TIME ZONE 'Asia/Shanghai')::date, 1, 0, 0, 0, 0, 0, 0, 0, false, 1, 0, 0, array_fill(0, ARRAY[24]),
       ARRAY[0, 1, 0, 0], 0, '{}', true, now() FROM enterprise;
INSERT INTO alarm_day_alarm (enterprise_id, day, gateway_id, alarm, priority, annunciated, covered, chatters, stood_s, stale)
SELECT e.id, (now() AT TIME ZONE 'Asia/Shanghai')::date, g.id, 'mark-' || e.code, 1, 1, 0, 0, 0, false
FROM enterprise AS e JOIN gateway AS g ON g.enterprise_id = e.id;
INSERT INTO operator_positions (enterprise_id, positions, said_at, said_by) SELECT id, 2, now(), 'mark-' || code FROM enterprise;
