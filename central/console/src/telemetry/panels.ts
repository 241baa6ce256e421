// What ECharts draws of several points: a panel each (or each unit), one time axis, one tooltip over all.

import type { EChartsCoreOption } from "echarts/core";
import type { PointTrend, SharedTrend } from "../api/trends.ts";
import type { Bucket } from "../api/types.ts";
import type { Catalogue } from "../locales/index.tsx";
import { measured, withUnit } from "../parts/figures.ts";
import { fullTime } from "../parts/time.ts";
import { FONT } from "../theme.ts";
import { badStretches, hatchTile, trimmed } from "./chart.ts";

/** None of them is the colour of a level; dashes tell them apart as well. */
export const INKS = ["#23565a", "#7a5195", "#5f6f2e", "#a05a7c", "#3d494f", "#6f5b4b", "#4f9aa0", "#8d82b0"];
export const DASHES = ["solid", "dashed", "dotted"] as const;

export const TOP = 34;
const GAP = 44;
const BOTTOM = 30;

export interface Panel {
  title: string;
  unit: string;
  points: PointTrend[];
}

/** A panel for each point, or one for all points of a unit. */
export function panelsOf(trend: SharedTrend, together: boolean): Panel[] {
  if (!together) return trend.items.map((item) => ({ title: item.name, unit: item.unit, points: [item] }));
  const panels: Panel[] = [];
  for (const item of trend.items) {
    const known = panels.find((panel) => panel.unit === item.unit);
    if (known) known.points.push(item);
    else panels.push({ title: "", unit: item.unit, points: [item] });
  }
  return panels;
}

export function heightOf(panels: number, phone: boolean): number {
  const each = panels === 1 ? 340 : panels === 2 ? 220 : phone ? 150 : 170;
  return TOP + panels * each + (panels - 1) * GAP + BOTTOM;
}

export function panelsOption(
  trend: SharedTrend,
  panels: Panel[],
  together: boolean,
  nowMs: number,
  text: Catalogue,
  phone: boolean,
): EChartsCoreOption {
  const stepMs = trend.bucket_s * 1_000;
  const height = (heightOf(panels.length, phone) - TOP - BOTTOM - (panels.length - 1) * GAP) / panels.length;
  const endMs = Math.min(nowMs, new Date(trend.to).getTime());
  const tile = hatchTile();
  const shown = new Map<string, { item: PointTrend; buckets: Bucket[] }>();
  const series = panels.flatMap((panel, place) =>
    panel.points.flatMap((item) => {
      const alone = panel.points.length === 1;
      const which = trend.items.indexOf(item);
      const ink = INKS[which % INKS.length] as string;
      const buckets = trimmed({ ...item, bucket_s: trend.bucket_s }, nowMs);
      const name = String(item.point_id);
      shown.set(name, { item, buckets });
      const row = (bucket: Bucket, value: number | null) => [
        new Date(bucket.t).getTime() + stepMs / 2,
        bucket.count > 0 ? value : null,
      ];
      const base = {
        type: "line",
        xAxisIndex: place,
        yAxisIndex: place,
        showSymbol: false,
        connectNulls: false,
        animation: false,
      } as const;
      const band = {
        ...base,
        stack: name,
        stackStrategy: "all",
        lineStyle: { opacity: 0 },
        silent: true,
      } as const;
      return [
        { ...band, name: `${name}-low`, data: buckets.map((bucket) => row(bucket, bucket.min)) },
        {
          ...band,
          name: `${name}-band`,
          data: buckets.map((bucket) =>
            row(bucket, bucket.max === null || bucket.min === null ? null : bucket.max - bucket.min),
          ),
          areaStyle: { color: ink, opacity: alone ? 0.16 : 0.08 },
        },
        {
          ...base,
          name,
          data: buckets.map((bucket) => row(bucket, bucket.avg)),
          lineStyle: { color: ink, width: 1.6, type: together ? DASHES[which % DASHES.length] : "solid" },
          itemStyle: { color: ink },
          markLine: {
            silent: true,
            symbol: "none",
            animation: false,
            data: [...(alone ? limitLines(item, text) : []), ...alarmLines(trend, item)],
          },
          markArea: {
            silent: true,
            animation: false,
            itemStyle: { color: { image: tile, repeat: "repeat" }, opacity: alone ? 1 : 0.5 },
            data: badStretches(buckets, stepMs, endMs).map(([from, to]) => [{ xAxis: from }, { xAxis: to }]),
          },
        },
      ];
    }),
  );
  return {
    textStyle: { fontFamily: FONT },
    grid: panels.map((_, place) => ({
      left: 56,
      right: phone ? 10 : 18,
      top: TOP + place * (height + GAP),
      height,
    })),
    xAxis: panels.map((_, place) => ({
      type: "time",
      gridIndex: place,
      min: trend.from,
      max: trend.to,
      axisLine: { lineStyle: { color: "#c9d1d4" } },
      axisTick: { show: place === panels.length - 1 },
      axisLabel: {
        show: place === panels.length - 1,
        color: "#56636a",
        hideOverlap: true,
        formatter: (at: number) => axisWords(at, trend),
      },
      splitNumber: phone ? 3 : 6,
    })),
    yAxis: panels.map((panel, place) => ({
      type: "value",
      gridIndex: place,
      scale: true,
      name: panel.title ? `${panel.title}${panel.unit ? `（${panel.unit}）` : ""}` : panel.unit,
      nameTextStyle: { color: "#3d494f", align: "left", padding: [0, 0, 0, -48], fontSize: 13 },
      nameGap: 12,
      ...reach(panel),
      axisLabel: {
        color: "#56636a",
        showMinLabel: false,
        showMaxLabel: false,
        formatter: (value: number) => measured(value),
      },
      splitLine: { lineStyle: { color: "#edf0f1" } },
    })),
    axisPointer: { link: [{ xAxisIndex: "all" }] },
    tooltip: {
      trigger: "axis",
      confine: true,
      textStyle: { fontFamily: FONT, fontSize: 13 },
      formatter: (found: { axisValue: number }[]) => tip(found[0]?.axisValue, stepMs, shown, text),
    },
    series,
  };
}

/** The values, and the limits of a panel that has one point: a limit far off is still in sight. */
function reach(panel: Panel): { min: number; max: number } | Record<string, never> {
  const values = panel.points.flatMap((item) =>
    item.buckets.flatMap((bucket) =>
      bucket.min === null || bucket.max === null ? [] : [bucket.min, bucket.max],
    ),
  );
  const [only] = panel.points;
  const limits =
    panel.points.length === 1 && only
      ? Object.values(only.limits).filter((limit): limit is number => limit !== null)
      : [];
  const all = [...values, ...limits];
  if (all.length === 0) return {};
  const low = Math.min(...all);
  const high = Math.max(...all);
  const room = (high - low || Math.abs(high) || 1) * 0.08;
  return { min: low - room >= 0 || low < 0 ? low - room : 0, max: high + room };
}

function limitLines(item: PointTrend, text: Catalogue) {
  return (["ll", "l", "h", "hh"] as const).flatMap((name) => {
    const value = item.limits[name];
    if (value === null) return [];
    return [
      {
        yAxis: value,
        label: {
          formatter: `${name.toUpperCase()} ${text.limit[name]} ${measured(value)}`,
          position: name === "h" || name === "ll" ? "insideStartBottom" : "insideStartTop",
          color: "#3d494f",
          fontSize: 11,
        },
        lineStyle: {
          color: "#6b777d",
          type: name === "hh" || name === "ll" ? "solid" : "dashed",
          width: 1.2,
        },
      },
    ];
  });
}

function alarmLines(trend: SharedTrend, item: PointTrend) {
  return trend.alarms
    .filter((alarm) => alarm.point_id === item.point_id)
    .map((alarm) => ({
      xAxis: alarm.at,
      label: { formatter: `▲ ${alarm.limit}`, position: "end", color: "#1c2629", fontSize: 11 },
      lineStyle: { color: "#1c2629", type: "solid", width: 1 },
    }));
}

const DAY_MS = 86_400_000;

function axisWords(at: number, trend: SharedTrend): string {
  const span = new Date(trend.to).getTime() - new Date(trend.from).getTime();
  const full = fullTime(at);
  if (span < 600_000) return full.slice(11);
  if (span <= 1.1 * DAY_MS) return full.slice(11, 16);
  if (span <= 14 * DAY_MS) return full.slice(5, 16);
  return span <= 400 * DAY_MS ? full.slice(5, 10) : full.slice(0, 7);
}

function tip(
  at: number | undefined,
  stepMs: number,
  shown: ReadonlyMap<string, { item: PointTrend; buckets: Bucket[] }>,
  text: Catalogue,
): string {
  if (at === undefined) return "";
  const lines: string[] = [];
  let begin = at;
  for (const { item, buckets } of shown.values()) {
    const bucket = buckets.find((one) => Math.abs(new Date(one.t).getTime() + stepMs / 2 - at) <= stepMs / 2);
    if (!bucket) continue;
    begin = new Date(bucket.t).getTime();
    const words =
      bucket.count > 0 && bucket.avg !== null && bucket.min !== null && bucket.max !== null
        ? `${withUnit(bucket.avg, item.unit)}（${measured(bucket.min)}–${measured(bucket.max)}）`
        : text.trend.noSamples;
    lines.push(`${safe(item.name)}：${words}${bucket.bad ? `，${text.trend.badSamples(bucket.bad)}` : ""}`);
  }
  return [`<b>${fullTime(begin)}</b>`, ...lines].join("<br/>");
}

/** Names of instruments come from plants, and a tooltip is HTML. */
function safe(words: string): string {
  return words.replace(/[&<>"]/g, (one) => `&#${one.charCodeAt(0)};`);
}
