"""The statements that say what is due, built from a declaration: pure. Names come from declarations alone.

$1 now, $2 today, $3 register, $4 cause, $5 field, $8 declared days, $9 and $10 first and last enterprise: as
the query `apply` has them.
"""
# ruff: noqa: S608 - every name put in is one of a declaration, which its own checks hold to [a-z0-9_-]

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from central.registry.forms.register import fields_of
from central.registry.tables import due_expression, table_of

if TYPE_CHECKING:
    from central.registry.forms.register import Register, Reminder


def candidates(register: Register, reminder: Reminder) -> str:
    """What is due of a register by one of its reminders: a query of the columns of `candidate`."""
    return _by_day(register, reminder) if reminder.field else _by_update(register)


def _by_day(register: Register, reminder: Reminder) -> str:
    day = due_expression(register, reminder.field)
    ended = f"AND r.counted -> '{reminder.until}' IS NULL" if reminder.until else ""
    # The first bound is what an index over the day serves; the second is that of the place, whose rule is
    # read once a region.
    return f"""
        WITH due AS MATERIALIZED (
            SELECT r.id, r.enterprise_id, r.agency_id, r.title, split_part(r.place, '/', 1) AS region,
                   {day} AS due_on
            FROM {table_of(register)} AS r
            WHERE r.removed_at IS NULL AND r.counted IS NOT NULL {ended}
                AND {day} <= $2::date + greatest(
                    $8::int, (SELECT max(m.days) FROM reminder_rule AS m WHERE m.cause = $4::text))
                AND (r.enterprise_id BETWEEN $9::int AND $10::int OR ($9 = 0 AND r.enterprise_id IS NULL))
        )
        SELECT d.id AS record_id, d.enterprise_id, d.agency_id, d.title, d.due_on,
               d.due_on + 1 + u.grace_days AS warn_on
        FROM due AS d
        JOIN (SELECT g.region AS at, u.*
              FROM (SELECT DISTINCT region FROM due) AS g
              CROSS JOIN LATERAL reminder_rule_of($3::text, $4::text, g.region, $1::timestamptz) AS u) AS u
            ON u.at = d.region
        LEFT JOIN enterprise AS e ON e.id = d.enterprise_id
        LEFT JOIN enterprise_status AS s ON s.code = e.status
        WHERE d.due_on <= $2::date + coalesce(u.days, $8::int)
            AND (d.enterprise_id IS NULL
                 OR (e.removed_at IS NULL AND NOT s.ended AND (s.runs OR u.while_stopped)))
    """


def _by_update(register: Register) -> str:
    last = _last_of(register)
    sectors = "{" + ",".join(register.sectors) + "}"
    first = f"greatest({_day('e.created_at')}, e.asked_from)"
    due = f"coalesce(l.day, {first}) + coalesce(e.days, $8::int)"
    return f"""
        SELECT NULL::bigint AS record_id, e.id AS enterprise_id, NULL::int AS agency_id, '' AS title,
               {due} AS due_on, {due} + 1 + e.grace_days AS warn_on
        FROM ({_OWING}) AS e
        CROSS JOIN LATERAL ({last}) AS l
        WHERE (l.day IS NOT NULL OR e.owes) AND {due} <= $2::date
            AND ('{sectors}' = '{{}}' OR e.sector = ANY ('{sectors}'::text []))
    """


def _last_of(register: Register) -> str:
    """The last update of an enterprise: the day that is the key of a record, else that of its change.

    A day to come hides none that is missing.
    """
    table = table_of(register)
    kinds = {bound.name: bound.field.kind for bound in fields_of(register.record)}
    given = (
        "r.enterprise_id = e.id AND r.removed_at IS NULL AND (r.state <> 'draft' OR r.counted IS NOT NULL)"
    )
    if len(register.key) == 1 and kinds[register.key[0]] == "day":
        column = f"f_{register.key[0]}"
        return (
            f"SELECT max(x.day) AS day FROM (SELECT r.{column} AS day FROM {table} AS r WHERE {given} "
            f"AND r.state <> 'returned' AND r.{column} <= $2::date ORDER BY r.{column} DESC LIMIT 1) AS x"
        )
    return f"SELECT max({_day('r.changed_at')}) AS day FROM {table} AS r WHERE {given}"


def of_all(registers: list[Register]) -> str:
    """Enterprises that keep any of some registers and updated none of them in their half of a month."""
    last = " UNION ALL ".join(_last_of(register) for register in registers)
    # Updated in one half of a month, it is due again by the end of the next one.
    due = (
        "CASE WHEN extract(day FROM l.day) <= 15 "
        "THEN (date_trunc('month', l.day) + interval '1 month - 1 day')::date "
        "ELSE (date_trunc('month', l.day) + interval '1 month 14 days')::date END"
    )
    return f"""
        SELECT NULL::bigint AS record_id, e.id AS enterprise_id, NULL::int AS agency_id, '' AS title,
               {due} AS due_on, {due} + 1 + e.grace_days AS warn_on
        FROM ({_OWING}) AS e
        CROSS JOIN LATERAL (SELECT max(d.day) AS day FROM ({last}) AS d) AS l
        WHERE l.day IS NOT NULL AND {due} <= $2::date + coalesce(e.days, $8::int)
    """


def _day(moment: str) -> str:
    return f"({moment} AT TIME ZONE 'Asia/Shanghai')::date"


# Enterprises of the part, with the rule of their place (read once a region), and who owes a first record. Who
# is stopped owes all that its rule does not tie to production: papers lapse, and what is dangerous stays.
_OWING: Final = """
    SELECT e.id, e.sector, e.created_at, u.days, u.grace_days, u.asked_from,
           u.expected AND (u.sectors IS NULL OR e.sector = ANY (u.sectors)
                           OR (u.hazards AND e.hazard_class IS NOT NULL)) AS owes
    FROM enterprise AS e
    JOIN enterprise_status AS s ON s.code = e.status AND NOT s.ended
    JOIN (SELECT r.region_code, u.*
          FROM (SELECT DISTINCT region_code FROM enterprise WHERE id BETWEEN $9::int AND $10::int) AS r
          CROSS JOIN LATERAL reminder_rule_of($3::text, $4::text, r.region_code, $1::timestamptz) AS u) AS u
        ON u.region_code = e.region_code
    WHERE e.removed_at IS NULL AND e.id BETWEEN $9::int AND $10::int AND (s.runs OR u.while_stopped)
"""
