// English words of the parts that every page shares.

import type { partsWords as Words } from "../zh-CN/parts.ts";
import { plural } from "./plural.ts";

export const partsWords: typeof Words = {
  freshness: {
    unknown: "not known right now",
    asOf: (time) => `As of ${time}; the centre has not answered since`,
  },
  age: {
    now: "just now",
    seconds: (n) => `${n} s ago`,
    minutes: (n) => `${n} min ago`,
    hours: (n) => `${n} h ago`,
    days: (n) => `${plural(n, "day")} ago`,
    inSeconds: (n) => `in ${n} s`,
    inMinutes: (n) => `in ${n} min`,
    inHours: (n) => `in ${n} h`,
    inDays: (n) => `in ${plural(n, "day")}`,
    due: "due now",
    never: "never",
    beside: (age) => `\u00a0(${age})`,
  },
  span: {
    ms: (n) => `${n} ms`,
    seconds: (n) => `${n} s`,
    minutes: (n) => `${n} min`,
    minutesSeconds: (m, s) => `${m} min ${s} s`,
    hours: (n) => `${n} h`,
    hoursMinutes: (h, m) => `${h} h ${m} min`,
    days: (n) => plural(n, "day"),
  },
  error: {
    network: "The centre can't be reached; please check the network. We keep trying.",
    forbidden: "Your account may not do this",
    missing: "Not found, or outside your jurisdiction",
    server: "Something went wrong at the centre; please try again later",
    busy: "The centre is busy; please try again later",
    changed: "Somebody else changed this; please reload and try again",
    invalid: "Something you entered is not right",
    other: "That did not work; please try again",
    title: "Can't be shown right now",
    retry: "Try again",
    pageMissing: "There is no such page",
    toHome: "Back to home",
    broken: "This page broke",
    brokenHelp: "Please reload it; if it breaks again, tell your administrator.",
    reload: "Reload",
  },
  loading: "Loading",
  cancel: "Cancel",
  confirm: "OK",
  close: "Close",
  yes: "Yes",
  no: "No",
  filters: { clear: "Clear filters" },
};
