// English words of points and trends.

import type { telemetryWords as Words } from "../zh-CN/telemetry.ts";
import { plural } from "./plural.ts";

export const telemetryWords: typeof Words = {
  point: {
    stale: (age) => `data stopped ${age}`,
    neverSeen: "No data yet",
    range: "Range",
    limits: "Limits",
    noLimits: "No limits set",
    trend: "Trend",
    open: (name) => `Trend of ${name}`,
    bar: (value) => `now ${value}`,
  },
  trend: {
    ranges: { "1h": "1 hour", "6h": "6 hours", "24h": "24 hours", "7d": "7 days" },
    picture: "Save picture",
    data: "Save data",
    average: "Average",
    lowest: "Lowest",
    highest: "Highest",
    badBand: "Bad or missing data",
    samples: (n) => plural(n, "good value"),
    badSamples: (n) => plural(n, "bad value"),
    noSamples: "No good data here",
    empty: "No data in this time",
    raised: "Alarm",
    columns: ["Time", "Lowest", "Average", "Highest", "Good values", "Bad values"],
    bucket: (span) => `One point is ${span}; highest and lowest are kept`,
  },
};
