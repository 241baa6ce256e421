// English words of the frame.

import type { shellWords as Words } from "../zh-CN/shell.ts";
import { plural } from "./plural.ts";

export const shellWords: typeof Words = {
  name: "English",
  other: "中文",
  brand: "Fengsui",
  tagline: "One alarm, passed on from tower to tower until somebody answers",
  nav: {
    home: "Home",
    warnings: "Warnings",
    enterprises: "Enterprises",
    devices: "Devices",
    covered: "Covered",
    me: "Me",
    skip: "Skip to content",
    main: "Main navigation",
    strip: "Open warnings",
    openStrip: "Open warnings",
    collapse: "Collapse menu",
    expand: "Expand menu",
  },
  arrival: {
    title: "New red warning",
    open: "Open",
    dismiss: "Seen",
    dismissAll: "All seen",
    more: (n) => `${plural(n, "more new red warning")}`,
    soundOff: "Sound is not on yet",
    soundOn: "Turn sound on",
  },
  live: {
    connected: "Live",
    connecting: "Connecting",
    retrying: "Reconnecting",
    newest: (age) => `newest data ${age}`,
    noneYet: "no new data yet",
    explain: {
      connected: "The live connection to the centre is up; new warnings appear at once.",
      connecting: "The live connection is being set up.",
      retrying: "The live connection broke and is being set up again; until then we ask every 10 seconds.",
    },
  },
  clock: { ok: "Clock synchronised", bad: "Clock not synchronised: times are a guide only" },
};
