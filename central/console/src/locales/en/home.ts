// English words of the home page.

import type { homeWords as Words } from "../zh-CN/home.ts";
import { plural } from "./plural.ts";

export const homeWords: typeof Words = {
  home: {
    title: "Home",
    needsAnswer: "Needs an answer now",
    count: (n) => plural(n, "warning"),
    oldest: "Oldest has waited",
    waiting: (span) => `waiting for ${span}`,
    calm: "Nothing needs an answer",
    calmMore: (enterprises, good) =>
      `${plural(enterprises, "enterprise")} in your jurisdiction; ${plural(good, "point")} with good data`,
    checked: (time) => `Checked at ${time}`,
    all: "All warnings",
    dueToday: "Due today",
    review: "Cleared by itself, to review",
    verify: "Handled, to verify and close",
    nothingDue: "Nothing is due today",
    glance: "Jurisdiction at a glance",
    enterprises: "Enterprises",
    withOpen: "with open warnings",
    gatewaysOnline: "Gateways online",
    pointsGood: "Points with good data",
    covered: "Covered alarms",
    of: (n, total) => `${n} / ${total}`,
    enterpriseList: "Enterprises",
    allEnterprises: "All enterprises",
  },
};
