// English words of alarms that keep silent.

import type { coveredWords as Words } from "../zh-CN/covered.ts";
import { plural } from "./plural.ts";

export const coveredWords: typeof Words = {
  covered: {
    title: "Covered alarms",
    link: (n) => (n === null ? "Covered alarms" : `Covered alarms (${n})`),
    why: "Shelved, out of service, suppressed by design, or not to be judged because their data are bad: these do not sound at the plant. What ends soon and what has no end comes first.",
    kind: "Cover",
    any: "All",
    kinds: {
      shelved: "Shelved",
      "out-of-service": "Out of service",
      suppressed: "Suppressed by design",
      quality: "Bad data",
    },
    noEnd: {
      shelved: "end unknown",
      "out-of-service": "no end",
      suppressed: "while its condition holds",
      quality: "until the data are good",
    },
    byItself: {
      suppressed: "design condition",
      quality: "data cannot be believed; process alarms cannot be judged",
    },
    alarm: "Alarm",
    enterprise: "Enterprise",
    ends: "Ends",
    who: "Who and why",
    since: "Since",
    raises: "Alarmed meanwhile",
    times: (n) => plural(n, "time"),
    none: "not once",
    holds: "condition is there",
    instrument: (name) => `Instrument ${name}`,
    points: (n) => `${plural(n, "point")} with bad data`,
    empty: "No alarm like this",
    emptyAll: "No alarm is covered",
    alarms: "Alarms of this point",
    forHowLong: "Shelve for",
    span: (seconds) => (seconds < 3_600 ? `${seconds / 60} min` : `${seconds / 3_600} h`),
    until: (time) => `Comes back by itself at ${time}, and sounds at once if it is still in alarm`,
    spanMissing: "Choose for how long",
    reason: "Reason",
    reasonMissing: "Choose or write a reason",
    notHere: "Only the enterprise and installers shelve or take out of service; agencies may bring back.",
    orders: {
      shelve: {
        name: "Shelve",
        title: "Shelve an alarm",
        submit: "Shelve",
        note: "Meanwhile nothing sounds at the plant and no new warning opens, but the alarm stays on the list of covered ones; warnings that are open do not end. The gateway may have a shorter limit of its own.",
        reasons: ["Calibration", "Maintenance", "Known disturbance", "Nuisance alarm, to be mended"],
      },
      unshelve: {
        name: "Bring back",
        title: "End a shelving",
        submit: "Bring back",
        note: "What is still in alarm sounds at the plant at once.",
        reasons: ["Work is done", "Asked for by the agency"],
      },
      "out-of-service": {
        name: "Out of service",
        title: "Take an alarm out of service",
        submit: "Take out of service",
        note: "This has no end until somebody puts it back; meanwhile nothing sounds and no new warning opens. For short work shelve it.",
        reasons: ["Equipment removed", "Instrument at the laboratory", "Plant shut down"],
      },
      "in-service": {
        name: "Put back",
        title: "Put an alarm back in service",
        submit: "Put back",
        note: "What is still in alarm sounds at the plant at once.",
        reasons: ["Equipment is back", "Instrument is back", "Asked for by the agency"],
      },
      test: {
        name: "Test",
        title: "Test of horn and beacon",
        submit: "Begin the test",
        note: "It really sounds and flashes at the plant for some seconds: tell the people there first. While an alarm sounds there is no test.",
        reasons: ["Routine", "Change of shift", "After a repair"],
      },
    },
  },
};
