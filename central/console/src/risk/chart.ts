// What ECharts draws of an index over time: the line of its scores, the highest of each stretch, the bands as lines.

import type { EChartsCoreOption } from "echarts/core";
import type { RiskTrend } from "../api/risk.ts";
import type { Catalogue } from "../locales/index.tsx";
import { measured } from "../parts/figures.ts";
import { FONT } from "../theme.ts";

const INK = "#23565a";
const FAINT = "#9fb3b5";
const LIMIT = "#6b777d";
const DAY = 86_400_000;

type Pair = [string, number | null];

/** The values of days with a hole where no day is on record: a line never crosses what nobody reckoned. */
export function pairs(trend: RiskTrend, of: (day: RiskTrend["days"][number]) => number): Pair[] {
  const found: Pair[] = [];
  let last: number | null = null;
  for (const day of trend.days) {
    const at = Date.parse(day.day);
    if (trend.unit === "day" && last !== null && at - last > DAY)
      found.push([new Date(last + DAY).toISOString().slice(0, 10), null]);
    found.push([day.day, of(day)]);
    last = at;
  }
  return found;
}

export function riskOption(trend: RiskTrend, text: Catalogue, phone: boolean): EChartsCoreOption {
  const words = text.risk;
  const bands = trend.models.at(-1)?.bands;
  const byDay = new Map(trend.days.map((day) => [day.day, day]));
  const lines = bands
    ? (["red", "orange", "yellow"] as const).map((level) => ({
        yAxis: bands[level],
        label: { formatter: `${text.level[level]} ${bands[level]}`, position: "insideEndTop", color: LIMIT },
      }))
    : [];
  const whole = trend.unit !== "day";
  return {
    animation: false,
    textStyle: { fontFamily: FONT },
    grid: { left: 36, right: phone ? 12 : 24, top: 16, bottom: 28 },
    xAxis: { type: "time", axisLabel: { color: LIMIT, hideOverlap: true }, splitLine: { show: false } },
    yAxis: { type: "value", min: 0, max: 100, axisLabel: { color: LIMIT } },
    tooltip: {
      trigger: "axis",
      formatter: (marks: { value: Pair }[]) => {
        const day = byDay.get(marks.find((mark) => mark.value[1] !== null)?.value[0] ?? "");
        if (!day) return "";
        return [
          `${day.day} · ${text.level[day.level]}`,
          `${whole ? words.worst_ : words.score_} ${measured(whole ? day.worst : day.score)}`,
          whole ? `${words.mean_} ${measured(day.mean)}` : `${words.worst_} ${measured(day.worst)}`,
        ].join("<br>");
      },
    },
    series: [
      {
        name: whole ? words.worst_ : words.score_,
        type: "line",
        data: pairs(trend, (day) => (whole ? day.worst : day.score)),
        connectNulls: false,
        showSymbol: trend.days.length < 40,
        symbolSize: 5,
        lineStyle: { color: INK, width: 2 },
        itemStyle: { color: INK },
        markLine: {
          silent: true,
          symbol: "none",
          lineStyle: { color: LIMIT, type: "dashed", width: 1 },
          data: lines,
        },
      },
      {
        name: whole ? words.mean_ : words.worst_,
        type: "line",
        data: pairs(trend, (day) => (whole ? day.mean : day.worst)),
        connectNulls: false,
        showSymbol: false,
        lineStyle: { color: FAINT, width: 1.2, type: "dotted" },
        itemStyle: { color: FAINT },
      },
    ],
  };
}
