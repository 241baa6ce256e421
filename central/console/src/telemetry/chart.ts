// What ECharts draws of a trend: band of lowest and highest, average, limits with names, bad stretches hatched.

import type { EChartsCoreOption } from "echarts/core";
import type { Bucket, TrendData } from "../api/types.ts";
import type { Catalogue } from "../locales/index.tsx";
import { measured, withUnit } from "../parts/figures.ts";
import { fullTime, ZONE } from "../parts/time.ts";
import { FONT } from "../theme.ts";

export interface Mark {
  at: string;
  words: string;
}

const INK = "#23565a";
const LIMIT = "#6b777d";

export function hatchTile(): HTMLCanvasElement {
  const tile = document.createElement("canvas");
  tile.width = 8;
  tile.height = 8;
  const pen = tile.getContext("2d");
  if (pen) {
    pen.fillStyle = "#f1f3f4";
    pen.fillRect(0, 0, 8, 8);
    pen.strokeStyle = "#b9c2c6";
    pen.lineWidth = 1.2;
    pen.beginPath();
    for (const shift of [-8, 0, 8]) {
      pen.moveTo(shift, 8);
      pen.lineTo(shift + 8, 0);
    }
    pen.stroke();
  }
  return tile;
}

/** What of a trend its gaps follow from. */
export type Stretch = Pick<TrendData, "bucket_s" | "held_s" | "buckets">;

const stretch = (bucket: Bucket) => bucket.count === 0;

/** Neighbouring buckets without a good value, as [from, to] in ms. */
export function badStretches(buckets: Bucket[], bucketMs: number, endMs: number): [number, number][] {
  const found: [number, number][] = [];
  for (const bucket of buckets) {
    if (!stretch(bucket)) continue;
    const from = new Date(bucket.t).getTime();
    const to = Math.min(from + bucketMs, endMs);
    const last = found.at(-1);
    if (last && last[1] >= from) last[1] = to;
    else found.push([from, to]);
  }
  return found.filter(([from, to]) => to > from);
}

/** Empty buckets where data are missing: a stored value stands for `held_s`, since a quiet point is stored rarely. */
export function withGaps(trend: Stretch): Bucket[] {
  const step = trend.bucket_s * 1_000;
  const filled: Bucket[] = [];
  for (const bucket of trend.buckets) {
    const at = new Date(bucket.t).getTime();
    const last = filled.at(-1);
    const from = last ? new Date(last.t).getTime() : at;
    if (at - from > step + trend.held_s * 1_000)
      for (let t = from + step; t < at; t += step)
        filled.push({ t: new Date(t).toISOString(), min: null, max: null, avg: null, count: 0, bad: 0 });
    filled.push(bucket);
  }
  return filled;
}

/** Everything before the first value of a new point is not "bad": it simply was not there yet. */
export function trimmed(trend: Stretch, nowMs: number): Bucket[] {
  const buckets = withGaps(trend);
  const known = buckets.findIndex((bucket) => bucket.count > 0 || bucket.bad > 0);
  if (known < 0) return [];
  return buckets
    .slice(known)
    .filter((bucket) => new Date(bucket.t).getTime() + trend.bucket_s * 1_000 <= nowMs);
}

export function chartOption(
  trend: TrendData,
  unit: string,
  marks: Mark[],
  nowMs: number,
  text: Catalogue,
  phone: boolean,
): EChartsCoreOption {
  const bucketMs = trend.bucket_s * 1_000;
  const buckets = trimmed(trend, nowMs);
  const middle = (bucket: Bucket) => new Date(bucket.t).getTime() + bucketMs / 2;
  const good = buckets.filter((bucket) => bucket.count > 0 && bucket.min !== null);
  const limits = (["ll", "l", "h", "hh"] as const).flatMap((name) => {
    const value = trend.limits[name];
    return value === null ? [] : [{ name, value }];
  });
  const all = [
    ...good.flatMap((bucket) => [bucket.min as number, bucket.max as number]),
    ...limits.map((limit) => limit.value),
  ];
  const low = Math.min(...all);
  const high = Math.max(...all);
  const room = (high - low || Math.abs(high) || 1) * 0.08;
  // Beside a near neighbour the inner high and the outer low limit are named below their lines.
  const crowds = (a: number | null, b: number | null) =>
    a !== null && b !== null && Math.abs(a - b) < (high - low) * 0.12;
  const below = (name: string) =>
    (name === "h" && crowds(trend.limits.h, trend.limits.hh)) ||
    (name === "ll" && crowds(trend.limits.l, trend.limits.ll));
  const row = (bucket: Bucket, value: number | null) => [middle(bucket), bucket.count > 0 ? value : null];
  const line = { type: "line", showSymbol: false, connectNulls: false, animation: false } as const;
  return {
    textStyle: { fontFamily: FONT },
    grid: { left: 8, right: phone ? 10 : 16, top: unit ? 30 : 16, bottom: 8, containLabel: true },
    xAxis: {
      type: "time",
      min: trend.from,
      max: trend.to,
      axisLine: { lineStyle: { color: "#c9d1d4" } },
      axisLabel: { color: "#56636a", hideOverlap: true, formatter: (at: number) => axisTime(at, trend) },
      splitNumber: phone ? 3 : 6,
    },
    yAxis: {
      type: "value",
      name: unit,
      nameTextStyle: { color: "#56636a", align: "left" },
      min: low - room >= 0 || low < 0 ? low - room : 0,
      max: high + room,
      axisLabel: {
        color: "#56636a",
        showMinLabel: false,
        showMaxLabel: false,
        formatter: (value: number) => measured(value),
      },
      splitLine: { lineStyle: { color: "#edf0f1" } },
    },
    tooltip: {
      trigger: "axis",
      confine: true,
      textStyle: { fontFamily: FONT, fontSize: 13 },
      formatter: (found: { dataIndex: number }[]) => {
        const bucket = buckets[found[0]?.dataIndex ?? -1];
        return bucket ? tip(bucket, unit, text) : "";
      },
    },
    series: [
      {
        ...line,
        stack: "band",
        stackStrategy: "all",
        data: buckets.map((bucket) => row(bucket, bucket.min)),
        lineStyle: { opacity: 0 },
        silent: true,
      },
      {
        ...line,
        stack: "band",
        stackStrategy: "all",
        data: buckets.map((bucket) =>
          row(bucket, bucket.max === null || bucket.min === null ? null : bucket.max - bucket.min),
        ),
        lineStyle: { opacity: 0 },
        areaStyle: { color: INK, opacity: 0.16 },
        silent: true,
      },
      {
        ...line,
        data: buckets.map((bucket) => row(bucket, bucket.avg)),
        lineStyle: { color: INK, width: 1.6 },
        itemStyle: { color: INK },
        markLine: {
          silent: true,
          symbol: "none",
          animation: false,
          data: [
            ...limits.map(({ name, value }) => ({
              yAxis: value,
              label: {
                formatter: `${name.toUpperCase()} ${text.limit[name]} ${measured(value)}`,
                position: below(name) ? "insideStartBottom" : "insideStartTop",
                color: "#3d494f",
                fontSize: 11,
              },
              lineStyle: {
                color: LIMIT,
                type: name === "hh" || name === "ll" ? "solid" : "dashed",
                width: 1.2,
              },
            })),
            ...marks.map((mark) => ({
              xAxis: mark.at,
              label: { formatter: mark.words, position: "end", color: "#1c2629", fontSize: 11 },
              lineStyle: { color: "#1c2629", type: "solid", width: 1.2 },
            })),
          ],
        },
        markArea: {
          silent: true,
          animation: false,
          itemStyle: { color: { image: hatchTile(), repeat: "repeat" } },
          data: badStretches(buckets, bucketMs, Math.min(nowMs, new Date(trend.to).getTime())).map(
            ([from, to]) => [{ xAxis: from }, { xAxis: to }],
          ),
        },
      },
    ],
  };
}

const hourMinute = new Intl.DateTimeFormat("sv-SE", { timeZone: ZONE, hour: "2-digit", minute: "2-digit" });

function axisTime(at: number, trend: TrendData): string {
  const long = new Date(trend.to).getTime() - new Date(trend.from).getTime() > 26 * 3_600_000;
  const short = new Date(trend.to).getTime() - new Date(trend.from).getTime() < 600_000;
  if (short) return fullTime(at).slice(11);
  return long ? fullTime(at).slice(5, 16) : hourMinute.format(at);
}

function tip(bucket: Bucket, unit: string, text: Catalogue): string {
  const lines = [`<b>${fullTime(bucket.t)}</b>`];
  if (bucket.count > 0 && bucket.avg !== null && bucket.min !== null && bucket.max !== null)
    lines.push(
      `${text.trend.highest} ${withUnit(bucket.max, unit)}`,
      `${text.trend.average} ${withUnit(bucket.avg, unit)}`,
      `${text.trend.lowest} ${withUnit(bucket.min, unit)}`,
      text.trend.samples(bucket.count),
    );
  else lines.push(text.trend.noSamples);
  if (bucket.bad > 0) lines.push(text.trend.badSamples(bucket.bad));
  return lines.join("<br/>");
}
