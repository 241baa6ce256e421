// Times in the jurisdiction's zone, ages and spans in words. Pure: the moment "now" is an argument.

import type { Catalogue } from "../locales/index.tsx";

export const ZONE = "Asia/Shanghai";

// Swedish writes dates as ISO 8601 does, which is also the form of the Chinese documents.
const dateTime = new Intl.DateTimeFormat("sv-SE", {
  timeZone: ZONE,
  dateStyle: "short",
  timeStyle: "medium",
});
const clockTime = new Intl.DateTimeFormat("sv-SE", { timeZone: ZONE, timeStyle: "medium" });

/** `2026-11-22 14:02:31` */
export function fullTime(at: string | number): string {
  return dateTime.format(new Date(at)).replace(",", "");
}

/** `14:02:31` */
export function timeOfDay(at: string | number): string {
  return clockTime.format(new Date(at));
}

/** `14:02:31` on the same day as `now`, else `11-22 14:02`. */
export function briefTime(at: string | number, now: number): string {
  const full = fullTime(at);
  return full.slice(0, 10) === fullTime(now).slice(0, 10) ? full.slice(11) : full.slice(5, 16);
}

/** `14:02:31.512`, for hops that lie milliseconds apart. */
export function preciseTime(at: string): string {
  const ms = new Date(at).getMilliseconds();
  return `${timeOfDay(at)}.${String(ms).padStart(3, "0")}`;
}

const MINUTE = 60;
const HOUR = 3_600;
const DAY = 86_400;

/** `3 分钟前`; a moment in the future reads `3 分钟后`. */
export function ageWords(at: string | number, now: number, text: Catalogue): string {
  const seconds = Math.round((now - new Date(at).getTime()) / 1_000);
  if (seconds < -1) return untilWords(-seconds, text);
  if (seconds < 2) return text.age.now;
  if (seconds < MINUTE) return text.age.seconds(seconds);
  if (seconds < HOUR) return text.age.minutes(Math.floor(seconds / MINUTE));
  if (seconds < DAY) return text.age.hours(Math.floor(seconds / HOUR));
  return text.age.days(Math.floor(seconds / DAY));
}

function untilWords(seconds: number, text: Catalogue): string {
  if (seconds < 2 * MINUTE) return text.age.inSeconds(seconds);
  if (seconds < HOUR) return text.age.inMinutes(Math.round(seconds / MINUTE));
  if (seconds < DAY) return text.age.inHours(Math.round(seconds / HOUR));
  return text.age.inDays(Math.round(seconds / DAY));
}

/** A length of time in words: `120 毫秒`, `1.4 秒`, `3 分 20 秒`, `2 小时 5 分`. */
export function spanWords(ms: number, text: Catalogue): string {
  const span = Math.max(0, ms);
  if (span < 1_000) return text.span.ms(Math.round(span));
  const seconds = span / 1_000;
  if (seconds < 10) return text.span.seconds(seconds.toFixed(1).replace(/\.0$/, ""));
  if (seconds < MINUTE) return text.span.seconds(String(Math.round(seconds)));
  const whole = Math.round(seconds);
  if (whole < HOUR) {
    const rest = whole % MINUTE;
    const minutes = Math.floor(whole / MINUTE);
    return rest ? text.span.minutesSeconds(minutes, rest) : text.span.minutes(minutes);
  }
  const minutes = Math.round(seconds / MINUTE);
  if (minutes < 24 * 60) {
    const rest = minutes % 60;
    const hours = Math.floor(minutes / 60);
    return rest ? text.span.hoursMinutes(hours, rest) : text.span.hours(hours);
  }
  return text.span.days(Math.round(minutes / 1_440));
}
