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
    openMap: "Open the map",
  },
  tasks: {
    note: "In the order in which they cannot wait.",
    duties: {
      unanswered: "Waiting for an answer",
      answered: "In hand",
      handled: "Waiting to be verified",
      cleared: "Ended by itself, to be looked at",
    },
    all: "All",
    nothing: "None",
  },
  scan: {
    note: "Reads a code of this system and opens its page.",
    start: "Open the camera",
    impossible: "This device or browser cannot read codes; search by name or code instead.",
    noCamera: "The camera cannot be used: allow it in the browser, or search instead.",
    foreign: "This code is not from this system; it was not opened.",
    byHand: "Name or code of an enterprise",
    picture: "Picture of the camera",
  },
  leader: {
    worst: "Enterprises that need attention",
    map: "Major hazards on the map",
    noneWorst: "No enterprise needs special attention",
    more: (n) => `${n} more open`,
    badPoints: (bad, all) => `${bad} of ${all} points with bad data`,
    withOpen: (n) => `${n} with open warnings`,
    due: (verify, review) => `${verify} to verify, ${review} to look at`,
    week: "Warnings of seven days",
    weekNote: "by day of occurrence, without exercises",
    day: "Day",
    count: "Count",
  },
  monitor: { page: "Enterprise page" },
};
