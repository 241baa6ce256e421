// What other limits, dead-bands and delays would have raised by what is stored of a point.

import { useMutation, useQuery } from "@tanstack/react-query";
import { Button, InputNumber, Segmented, Select } from "antd";
import { useState } from "react";
import { useSearchParams } from "react-router";
import {
  type AlarmSetting,
  alarmSettings,
  type BackTest,
  backTest,
  type LimitSetting,
} from "../api/quality.ts";
import { point as pointQuery, points } from "../api/queries.ts";
import type { PointRow } from "../api/types.ts";
import { useMay } from "../identity/me.tsx";
import { useText } from "../locales/index.tsx";
import { count, measured, withUnit } from "../parts/figures.ts";
import { Card, PageHead } from "../parts/Page.tsx";
import { Rows } from "../parts/Rows.tsx";
import { Failed, Loading } from "../parts/States.tsx";
import { fullTime, spanWords } from "../parts/time.ts";
import { usePhone } from "../parts/usePhone.ts";
import { OwnerPicker } from "../registry/records/OwnerPicker.tsx";
import { Trend } from "../telemetry/Trend.tsx";
import { Draft, Tune } from "./Tune.tsx";
import "../styles/quality.css";

const DAY_MS = 86_400_000;
const ORDER = ["LL", "L", "H", "HH", "ON", "OFF"] as const;
const ADDABLE = ["LL", "L", "H", "HH"] as const;

export function BackTestPage() {
  const text = useText();
  const words = text.backtest;
  const [search, setSearch] = useSearchParams();
  const id = Number(search.get("point")) || 0;
  const found = useQuery({ ...pointQuery(id), enabled: id > 0 });
  return (
    <div className="page">
      <PageHead title={words.title} note={words.note} />
      <Card title={words.point}>
        <PointChoice
          chosen={found.data}
          choose={(next) => setSearch(next ? { point: String(next) } : {}, { replace: true })}
        />
      </Card>
      {id === 0 ? (
        <p className="quiet-line">{words.choose}</p>
      ) : found.isPending ? (
        <Loading rows={4} />
      ) : found.isError ? (
        <Failed error={found.error} retry={() => found.refetch()} missing={words.missing} />
      ) : (
        <Bench key={id} point={found.data} />
      )}
    </div>
  );
}

function PointChoice({
  chosen,
  choose,
}: {
  chosen: PointRow | undefined;
  choose: (id: number | undefined) => void;
}) {
  const text = useText();
  const [picked, setPicked] = useState<number | undefined>();
  const enterprise = picked ?? chosen?.enterprise_id;
  const list = useQuery({
    ...points({ enterprise_id: String(enterprise) }),
    enabled: enterprise !== undefined,
  });
  const options = (list.data?.items ?? []).map((row) => ({ value: row.id, label: `${row.name} ${row.key}` }));
  const known = !chosen || options.some((option) => option.value === chosen.id);
  return (
    <div className="trend-choice">
      <OwnerPicker kind="enterprise" value={enterprise} onChange={setPicked} />
      <Select
        aria-label={text.backtest.point}
        placeholder={text.trends.placeholder}
        value={chosen?.id}
        onChange={choose}
        showSearch={{ optionFilterProp: "label" }}
        options={
          known || !chosen
            ? options
            : [{ value: chosen.id, label: `${chosen.name} · ${chosen.enterprise_name}` }, ...options]
        }
        style={{ width: "100%" }}
      />
    </div>
  );
}

function Bench({ point }: { point: PointRow }) {
  const text = useText();
  const found = useQuery(alarmSettings(point.id));
  if (found.isPending) return <Loading rows={4} />;
  if (found.isError) return <Failed error={found.error} retry={() => found.refetch()} />;
  return (
    <Form
      point={point}
      inForce={found.data.items.filter((one) => one.tryable)}
      others={found.data.items
        .filter((one) => !one.tryable && one.side !== "quality")
        .map((one) => text.limitState[one.limit_name.toLowerCase()] ?? one.limit_name)}
    />
  );
}

function plain(one: AlarmSetting): LimitSetting {
  return {
    limit_name: one.limit_name,
    limit: one.limit ?? 0,
    deadband: one.deadband,
    on_delay_s: one.on_delay_s,
    off_delay_s: one.off_delay_s,
  };
}

function sorted(trials: LimitSetting[]): LimitSetting[] {
  const place = (one: LimitSetting) => ORDER.indexOf(one.limit_name as (typeof ORDER)[number]);
  return [...trials].sort((a, b) => place(a) - place(b));
}

function Form({ point, inForce, others }: { point: PointRow; inForce: AlarmSetting[]; others: string[] }) {
  const text = useText();
  const words = text.backtest;
  const [trials, setTrials] = useState(() => sorted(inForce.map(plain)));
  const [days, setDays] = useState("30");
  const [tuned, setTuned] = useState<string | null>(null);
  const run = useMutation({
    mutationFn: () => {
      const to = new Date();
      return backTest(point.id, {
        trials,
        from: new Date(to.getTime() - Number(days) * DAY_MS).toISOString(),
        to: to.toISOString(),
      });
    },
  });
  const name = (limit: string) => text.limitState[limit.toLowerCase()] ?? limit;
  const set = (limit: string, changes: Partial<LimitSetting>) =>
    setTrials(trials.map((one) => (one.limit_name === limit ? { ...one, ...changes } : one)));
  const missing = ADDABLE.filter((limit) => !trials.some((one) => one.limit_name === limit));
  const add = (limit: string) =>
    setTrials(
      sorted([
        ...trials,
        {
          limit_name: limit,
          limit: trials.at(-1)?.limit ?? point.value ?? 0,
          deadband: trials[0]?.deadband ?? 0,
          on_delay_s: 0,
          off_delay_s: 0,
        },
      ]),
    );
  return (
    <>
      <Card
        title={words.settings}
        extra={
          <Button size="small" onClick={() => setTrials(sorted(inForce.map(plain)))}>
            {words.reset}
          </Button>
        }
      >
        {inForce.length === 0 && <p className="faint">{words.noLimits}</p>}
        <ul className="plain trial-list">
          {trials.map((one) => {
            const now = inForce.find((known) => known.limit_name === one.limit_name);
            const bit = one.limit_name === "ON" || one.limit_name === "OFF";
            return (
              <li key={one.limit_name} className="trial-row">
                <strong>{name(one.limit_name)}</strong>
                <NumberBox
                  label={`${words.value}${point.unit ? `（${point.unit}）` : ""}`}
                  value={one.limit}
                  set={(limit) => set(one.limit_name, { limit })}
                  disabled={bit}
                  below={
                    now?.limit === null || !now
                      ? words.notInForce
                      : words.inForce(withUnit(now.limit, point.unit))
                  }
                />
                <NumberBox
                  label={words.deadband}
                  value={one.deadband}
                  least={0}
                  set={(deadband) => set(one.limit_name, { deadband })}
                  disabled={bit}
                  below={now && words.inForce(measured(now.deadband))}
                />
                <NumberBox
                  label={words.onDelay}
                  value={one.on_delay_s}
                  least={0}
                  set={(on_delay_s) => set(one.limit_name, { on_delay_s })}
                  below={now && words.inForce(measured(now.on_delay_s))}
                />
                <NumberBox
                  label={words.offDelay}
                  value={one.off_delay_s}
                  least={0}
                  set={(off_delay_s) => set(one.limit_name, { off_delay_s })}
                  below={now && words.inForce(measured(now.off_delay_s))}
                />
                <span className="trial-do">
                  {now ? (
                    <Button size="small" onClick={() => setTuned(one.limit_name)}>
                      {words.tune}
                    </Button>
                  ) : (
                    <Button
                      size="small"
                      aria-label={`${name(one.limit_name)} ✕`}
                      onClick={() => setTrials(trials.filter((other) => other !== one))}
                    >
                      ✕
                    </Button>
                  )}
                </span>
              </li>
            );
          })}
        </ul>
        {others.length > 0 && <p className="faint">{words.others(others.join("、"))}</p>}
        <div className="trial-run">
          {missing.length > 0 && (
            <Select
              aria-label={words.add}
              placeholder={words.add}
              value={null}
              onChange={add}
              options={missing.map((limit) => ({ value: limit, label: name(limit) }))}
              style={{ minWidth: 140 }}
            />
          )}
          <Segmented
            aria-label={words.period}
            value={days}
            onChange={setDays}
            options={Object.entries(words.periods).map(([value, label]) => ({ value, label }))}
          />
          <Button
            type="primary"
            onClick={() => run.mutate()}
            loading={run.isPending}
            disabled={trials.length === 0}
          >
            {words.run}
          </Button>
        </div>
      </Card>
      {run.isPending ? (
        <Card>
          <p className="quiet-line">{words.running}</p>
        </Card>
      ) : run.isError ? (
        <Failed error={run.error} retry={() => run.mutate()} />
      ) : (
        run.data && <Outcome found={run.data} point={point} />
      )}
      {tuned && <Tune point={point.id} name={point.name} limit={tuned} close={() => setTuned(null)} />}
    </>
  );
}

interface NumberProps {
  label: string;
  value: number;
  set: (value: number) => void;
  least?: number;
  disabled?: boolean;
  below?: string;
}

function NumberBox({ label, value, set, least, disabled, below }: NumberProps) {
  return (
    <div className="trial-number">
      <span aria-hidden="true">{label}</span>
      <InputNumber
        aria-label={label}
        value={value}
        min={least}
        disabled={disabled}
        onChange={(next) => next !== null && set(next)}
        style={{ width: "100%" }}
      />
      {below && <span className="faint">{below}</span>}
    </div>
  );
}

function Outcome({ found, point }: { found: BackTest; point: PointRow }) {
  const text = useText();
  const words = text.backtest;
  const phone = usePhone();
  const may = useMay("device");
  const [draft, setDraft] = useState<LimitSetting | null>(null);
  const name = (limit: string) => text.limitState[limit.toLowerCase()] ?? limit;
  const sum = (read: (one: BackTest["limits"][number]) => number | null) =>
    found.limits.reduce((all, one) => all + (read(one) ?? 0), 0);
  const trial = sum((one) => one.trial_raises);
  const current = sum((one) => one.current_raises);
  if (found.rows === 0)
    return (
      <Card>
        <p className="quiet-line">{words.empty}</p>
      </Card>
    );
  const lasted = (n: number | null, seconds: number | null) =>
    n === null ? (
      <span className="faint">–</span>
    ) : (
      <span>
        <strong className="number">{count(n)}</strong>
        {seconds ? (
          <span className="faint">
            {" "}
            {words.lasted} {spanWords(seconds * 1_000, text)}
          </span>
        ) : null}
      </span>
    );
  return (
    <>
      <Card
        title={trial === current ? words.same(count(trial)) : words.instead(count(trial), count(current))}
        extra={
          <span className="faint">
            {words.span(
              fullTime(found.from).slice(0, 16),
              fullTime(found.until).slice(0, 16),
              count(found.rows),
            )}
          </span>
        }
      >
        {!found.complete && <p role="alert">{words.cut(fullTime(found.until).slice(0, 16))}</p>}
        <Rows
          label={words.table}
          rows={found.limits}
          rowKey={(row) => row.limit_name}
          name={(row) => name(row.limit_name)}
          columns={[
            {
              key: "limit",
              title: words.limit,
              width: "minmax(9rem, 1fr)",
              cell: (row) => (
                <span>
                  <strong>{name(row.limit_name)}</strong>{" "}
                  <span className="faint">{row.trial && withUnit(row.trial.limit, found.unit)}</span>
                </span>
              ),
            },
            {
              key: "trial",
              title: words.trial,
              width: "minmax(9rem, 1fr)",
              cell: (row) => lasted(row.trial_raises, row.trial_lasted_s),
            },
            {
              key: "current",
              title: words.current,
              width: "minmax(9rem, 1fr)",
              cell: (row) => lasted(row.current_raises, row.current_lasted_s),
            },
            {
              key: "actual",
              title: words.actual,
              width: "8rem",
              end: true,
              cell: (row) => count(row.actual),
            },
            {
              key: "missed",
              title: words.missed,
              width: "8rem",
              end: true,
              cell: (row) => (row.missed === null ? <span className="faint">–</span> : count(row.missed)),
            },
            ...(may
              ? [
                  {
                    key: "do",
                    title: "",
                    width: "12rem",
                    end: true,
                    cell: (row: BackTest["limits"][number]) =>
                      changed(row) && (
                        <Button size="small" onClick={() => setDraft(row.trial)}>
                          {words.draft}
                        </Button>
                      ),
                  },
                ]
              : []),
          ]}
        />
        <p className="faint">{words.actualNote}</p>
      </Card>
      <Card title={words.chart}>
        <Trend
          pointId={point.id}
          name={point.name}
          unit={found.unit}
          window={{ from: found.from, to: found.until }}
          marks={found.raised
            .slice(0, 60)
            .map((one) => ({ at: one.raised_at, words: `▲ ${one.limit_name}` }))}
          height={phone ? 260 : 340}
        />
      </Card>
      <Card title={words.raised(found.raised.length, found.more_raised)}>
        {found.raised.length === 0 ? (
          <p className="quiet-line">{words.noRaised}</p>
        ) : (
          <div className="trial-raised">
            <Rows
              label={words.raised(found.raised.length, found.more_raised)}
              rows={found.raised}
              rowKey={(row) => `${row.limit_name} ${row.raised_at}`}
              name={(row) => `${name(row.limit_name)} ${fullTime(row.raised_at)}`}
              columns={[
                { key: "at", title: words.at, width: "13rem", cell: (row) => fullTime(row.raised_at) },
                { key: "limit", title: words.limit, width: "8rem", cell: (row) => name(row.limit_name) },
                {
                  key: "value",
                  title: words.measured,
                  width: "9rem",
                  cell: (row) => (row.value === null ? "–" : withUnit(row.value, found.unit)),
                },
                {
                  key: "until",
                  title: words.until,
                  width: "minmax(13rem, 1fr)",
                  cell: (row) =>
                    row.cleared_at === null ? (
                      words.standing
                    ) : (
                      <span>
                        {fullTime(row.cleared_at)}{" "}
                        <span className="faint">
                          {spanWords(Date.parse(row.cleared_at) - Date.parse(row.raised_at), text)}
                        </span>
                      </span>
                    ),
                },
              ]}
            />
          </div>
        )}
      </Card>
      {draft && (
        <Draft
          gateway={point.gateway_id}
          change={{
            point_key: point.key,
            limit_name: draft.limit_name,
            deadband: draft.deadband,
            on_delay_s: draft.on_delay_s,
            off_delay_s: draft.off_delay_s,
          }}
          reason={text.tuning.reason(
            point.name,
            name(draft.limit_name),
            `${count(current)} → ${count(trial)}`,
          )}
          close={() => setDraft(null)}
        />
      )}
    </>
  );
}

/** Only dead-band and delays go into a draft by themselves: another limit is a decision of the plant's designers. */
function changed(row: BackTest["limits"][number]): boolean {
  const { current, trial } = row;
  if (!current || !trial || current.limit !== trial.limit) return false;
  return (
    current.deadband !== trial.deadband ||
    current.on_delay_s !== trial.on_delay_s ||
    current.off_delay_s !== trial.off_delay_s
  );
}
