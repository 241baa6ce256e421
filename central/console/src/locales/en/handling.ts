// English words of what people do around a warning besides answering it.

import type { handlingWords as chinese } from "../zh-CN/handling.ts";

export const handlingWords: typeof chinese = {
  handling: {
    title: "Working together",
    photos: "Photographs",
    assignee: "Given to",
    assignedBy: (who, by) => (by && by !== who ? `${who} (by ${by})` : who),
    urged: "Urged",
    urgedTimes: (n) => (n === 1 ? "once" : `${n} times`),
    urge: "Urge",
    urgeHelp: "Calls whoever it waits for, now",
    assign: "Give to a colleague",
    assignTo: "Choose somebody of your own unit",
    assignGo: "Give",
    nobody: "Nobody else of your unit may handle warnings",
    onCall: (name) => `${name} (on call)`,
    comment: "Comment",
    commentHint: "Add what you know; everybody who sees this warning sees it",
    send: "Send",
    readers: (n) => `Read by ${n}`,
    otherCause: "Other",
    done: {
      comments: "Sent",
      urge: "Urged: those responsible are being called",
      assign: "Given: they are being told",
    },
  },
};
