// Several points over the same time, from seconds to years; the address holds what is looked at.

import { useQueries, useQuery } from "@tanstack/react-query";
import { Button, Input, Segmented, Select } from "antd";
import type { EChartsType } from "echarts/core";
import { useRef, useState } from "react";
import { useSearchParams } from "react-router";
import { point, points } from "../api/queries.ts";
import { type SharedTrend, sharedTrend } from "../api/trends.ts";
import { useText } from "../locales/index.tsx";
import { withUnit } from "../parts/figures.ts";
import { Card, PageHead } from "../parts/Page.tsx";
import { Failed, Loading } from "../parts/States.tsx";
import { fullTime, spanWords } from "../parts/time.ts";
import { usePhone } from "../parts/usePhone.ts";
import { OwnerPicker } from "../registry/records/OwnerPicker.tsx";
import { DASHES, INKS } from "./panels.ts";
import { take } from "./taking.ts";
import { useWindow } from "./useWindow.ts";
import { ZoomStage } from "./ZoomStage.tsx";

const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;
const MOST = 8;
const SPANS: Record<string, [span: number, step: number]> = {
  "10m": [10 * MINUTE, 5_000],
  "1h": [60 * MINUTE, 15_000],
  "6h": [360 * MINUTE, MINUTE],
  "24h": [DAY, 5 * MINUTE],
  "7d": [7 * DAY, 30 * MINUTE],
  "30d": [30 * DAY, 60 * MINUTE],
  "1y": [365 * DAY, 360 * MINUTE],
  "3y": [1_095 * DAY, 360 * MINUTE],
};
const SHORTEST = 10_000;
const LONGEST = 3_650 * DAY;

export function TrendsPage() {
  const text = useText();
  const words = text.trends;
  const phone = usePhone();
  const [search, setSearch] = useSearchParams();
  const chart = useRef<EChartsType | null>(null);
  const show = (changes: Record<string, string | null>) => {
    const next = new URLSearchParams(search);
    for (const [name, value] of Object.entries(changes)) {
      if (value === null || value === "") next.delete(name);
      else next.set(name, value);
    }
    setSearch(next, { replace: true });
  };

  const chosen = (search.get("points") ?? "")
    .split(",")
    .map(Number)
    .filter((id) => id > 0)
    .slice(0, MOST);
  const range = search.get("range") ?? "24h";
  const [span, step] = SPANS[range] ?? [DAY, 5 * MINUTE];
  const moving = useWindow(span, step);
  const from = search.get("from");
  const to = search.get("to");
  const fixed = from && to ? { from, to } : null;
  const window = fixed ?? moving;
  const data = useQuery(sharedTrend(chosen, window.from, window.to, phone ? 200 : 500));
  const together = search.get("panels") === "together";

  const look = (fromMs: number, toMs: number) => {
    const middle = (fromMs + toMs) / 2;
    const half = Math.min(Math.max(toMs - fromMs, SHORTEST), LONGEST) / 2;
    show({
      from: new Date(middle - half).toISOString(),
      to: new Date(middle + half).toISOString(),
      range: null,
    });
  };
  const begin = new Date(window.from).getTime();
  const end = new Date(window.to).getTime();
  const length = end - begin;
  return (
    <div className="page">
      <PageHead title={words.title} note={words.note} />
      <Card title={words.points}>
        <PointChoice chosen={chosen} choose={(ids) => show({ points: ids.join(",") })} />
      </Card>
      <Card
        title={
          <span className="trend-window">
            {fullTime(window.from)} – {fullTime(window.to)}
          </span>
        }
        extra={<span className="faint">{spanWords(length, text)}</span>}
      >
        <div className="trend-tools">
          <Segmented
            aria-label={words.range}
            value={fixed ? "" : range}
            onChange={(value) => show({ range: value, from: null, to: null })}
            options={Object.keys(SPANS).map((value) => ({ value, label: words.ranges[value] ?? value }))}
          />
          <Between key={`${window.from} ${window.to}`} from={begin} to={end} look={look} />
          <span className="trend-steps">
            <Button onClick={() => look(begin - length / 2, end - length / 2)}>{words.earlier}</Button>
            <Button onClick={() => look(begin + length / 2, end + length / 2)}>{words.later}</Button>
            <Button onClick={() => look(begin + length / 4, end - length / 4)}>{words.closer}</Button>
            <Button onClick={() => look(begin - length / 2, end + length / 2)}>{words.wider}</Button>
          </span>
          {chosen.length > 1 && (
            <Segmented
              aria-label={words.panels}
              value={together ? "together" : "apart"}
              onChange={(value) => show({ panels: value === "together" ? value : null })}
              options={[
                { value: "apart", label: words.apart },
                { value: "together", label: words.together },
              ]}
            />
          )}
        </div>
        {chosen.length === 0 ? (
          <p className="quiet-line">{words.choose}</p>
        ) : data.isPending ? (
          <Loading rows={8} />
        ) : data.isError && !data.data ? (
          <Failed error={data.error} retry={() => data.refetch()} missing={words.missing} />
        ) : data.data.items.every((item) => item.buckets.length === 0) ? (
          <p className="quiet-line">{text.trend.empty}</p>
        ) : (
          <>
            <ZoomStage trend={data.data} together={together} hold={chart} choose={look} />
            <div className="trend-foot">
              {together &&
                data.data.items.map((item, place) => (
                  <span key={item.point_id} className="trend-key">
                    <i
                      className="trend-key-line"
                      aria-hidden="true"
                      style={{
                        borderTopColor: INKS[place % INKS.length],
                        borderTopStyle: DASHES[place % DASHES.length],
                      }}
                    />{" "}
                    {item.name}
                    {item.unit && `（${item.unit}）`}
                  </span>
                ))}
              <span className="trend-key">
                <i className="trend-key-hatch" aria-hidden="true" /> {text.trend.badBand}
              </span>
              <span className="trend-key faint">
                {text.trend.bucket(spanWords(data.data.bucket_s * 1_000, text))}
              </span>
              {!phone && <span className="trend-key faint">{words.draw}</span>}
              <span className="trend-take">
                <Button size="small" onClick={() => chart.current && savePicture(chart.current, words.title)}>
                  {text.trend.picture}
                </Button>
                <Button size="small" onClick={() => saveData(data.data, words.title, words.columns)}>
                  {text.trend.data}
                </Button>
              </span>
            </div>
          </>
        )}
      </Card>
      {data.data && chosen.length > 0 && <Alarms trend={data.data} look={look} />}
    </div>
  );
}

/** From and to by hand, in the jurisdiction's zone whatever that of the browser is. */
function Between({ from, to, look }: { from: number; to: number; look: (from: number, to: number) => void }) {
  const words = useText().trends;
  const local = (ms: number) => fullTime(ms).replace(" ", "T");
  const [typed, setTyped] = useState({ from: local(from), to: local(to) });
  const moment = (value: string) => new Date(`${value}+08:00`).getTime();
  const [first, last] = [moment(typed.from), moment(typed.to)];
  const changed = typed.from !== local(from) || typed.to !== local(to);
  return (
    <span className="trend-steps">
      {(["from", "to"] as const).map((end) => (
        <Input
          key={end}
          type="datetime-local"
          step={1}
          aria-label={words[end]}
          value={typed[end]}
          onChange={(event) => setTyped({ ...typed, [end]: event.target.value })}
          style={{ width: 222 }}
        />
      ))}
      {changed && (
        <Button type="primary" disabled={!(first < last)} onClick={() => look(first, last)}>
          {words.go}
        </Button>
      )}
    </span>
  );
}

/** The enterprise first, then its points; points of several enterprises may stand side by side. */
function PointChoice({ chosen, choose }: { chosen: number[]; choose: (ids: number[]) => void }) {
  const text = useText();
  const words = text.trends;
  const known = useQueries({ queries: chosen.map((id) => ({ ...point(id), retry: false })) });
  const names = new Map(known.flatMap(({ data }) => (data ? [[data.id, data] as const] : [])));
  const [picked, setPicked] = useState<number | undefined>();
  const enterprise = picked ?? known.find(({ data }) => data)?.data?.enterprise_id;
  const list = useQuery({
    ...points({ enterprise_id: String(enterprise) }),
    enabled: enterprise !== undefined,
  });
  const options = (list.data?.items ?? []).map((row) => ({ value: row.id, label: `${row.name} ${row.key}` }));
  const further = chosen
    .filter((id) => !options.some((option) => option.value === id))
    .map((id) => {
      const row = names.get(id);
      return { value: id, label: row ? `${row.name} · ${row.enterprise_name}` : words.unknown };
    });
  return (
    <div className="trend-choice">
      <OwnerPicker kind="enterprise" value={enterprise} onChange={setPicked} />
      <Select
        mode="multiple"
        aria-label={words.points}
        placeholder={words.placeholder}
        maxCount={MOST}
        value={chosen}
        onChange={choose}
        showSearch={{ optionFilterProp: "label" }}
        options={[...further, ...options]}
        style={{ width: "100%" }}
      />
    </div>
  );
}

function Alarms({ trend, look }: { trend: SharedTrend; look: (fromMs: number, toMs: number) => void }) {
  const text = useText();
  const words = text.trends;
  const names = new Map(trend.items.map((item) => [item.point_id, item]));
  return (
    <Card title={words.alarms(trend.alarms.length, trend.more_alarms)}>
      {trend.alarms.length === 0 ? (
        <p className="quiet-line">{words.noAlarms}</p>
      ) : (
        <ul className="trend-alarms">
          {trend.alarms.map((alarm) => {
            const at = new Date(alarm.at).getTime();
            const item = names.get(alarm.point_id);
            return (
              <li key={`${alarm.point_id}-${alarm.alarm}-${alarm.at}`}>
                <time dateTime={alarm.at}>{fullTime(alarm.at)}</time>
                <span>
                  {item?.name} · {text.limitState[alarm.limit.toLowerCase()] ?? alarm.limit}
                </span>
                <span className="faint">
                  {alarm.value === null ? "" : withUnit(alarm.value, item?.unit ?? "")}
                </span>
                <Button size="small" onClick={() => look(at - 10 * MINUTE, at + 10 * MINUTE)}>
                  {words.around}
                </Button>
              </li>
            );
          })}
        </ul>
      )}
    </Card>
  );
}

function savePicture(chart: EChartsType, name: string): void {
  take(chart.getDataURL({ pixelRatio: 2, backgroundColor: "#fff" }), `${name}.png`);
}

function saveData(trend: SharedTrend, name: string, columns: readonly string[]): void {
  const moments = [...new Set(trend.items.flatMap((item) => item.buckets.map((bucket) => bucket.t)))].sort();
  const rows = trend.items.map((item) => new Map(item.buckets.map((bucket) => [bucket.t, bucket])));
  const quoted = (words: string) => `"${words.replaceAll('"', '""').replace(/^[=+\-@]/, " $&")}"`;
  const head = [
    columns[0] ?? "",
    ...trend.items.flatMap((item) =>
      columns.slice(1).map((column) => quoted(`${item.name} ${item.key} ${column} ${item.unit}`)),
    ),
  ];
  const lines = moments.map((moment) =>
    [
      fullTime(moment),
      ...rows.flatMap((known) => {
        const bucket = known.get(moment);
        return bucket
          ? [bucket.min ?? "", bucket.avg ?? "", bucket.max ?? "", bucket.count, bucket.bad]
          : Array(5).fill("");
      }),
    ].join(","),
  );
  // The mark at the start tells Excel that this is UTF-8.
  const blob = new Blob(["\uFEFF", [head.join(","), ...lines].join("\r\n")], { type: "text/csv" });
  const href = URL.createObjectURL(blob);
  take(href, `${name}.csv`);
  URL.revokeObjectURL(href);
}
