// English words of manual warnings and of approving before push.

import type { approvalsWords as chinese } from "../zh-CN/approvals.ts";

export const approvalsWords: typeof chinese = {
  approvals: {
    title: "Issue and approve",
    note: "Manual warnings and those of models are pushed after another person approved them; until then the enterprise sees nothing. Alarms of instruments need no approval. A red one that nobody answers in its time is pushed.",
    issue: "Issue a warning",
    issueNote:
      "Each recipient gets a warning of its own: that of an enterprise calls from the enterprise up, that of an agency from its duty staff up.",
    submit: "Send for approval",
    empty: "Nothing waits for approval",
    emptyAll: "Nothing matches",
    show: "Show",
    shows: { waiting: "Waiting", decided: "Decided", all: "All" },
    level: "Level",
    what: "Warning",
    owner: "Recipient",
    proposed: "Proposed",
    due: "Answer by",
    givenThen: "pushed by itself then",
    state: "Outcome",
    states: {
      waiting: "Waiting",
      approved: "Approved and pushed",
      refused: "Refused",
      given: "Pushed, unanswered in its time",
      withdrawn: "Over, withdrawn",
    },
    own: "Yours: another person must approve it",
    approve: "Approve and push",
    refuse: "Refuse",
    approveTitle: (title) => `Push “${title}”?`,
    refuseTitle: (title) => `Refuse “${title}”?`,
    approveWhat: (owner) => `The warning opens now and calls from ${owner} up.`,
    refuseWhat: "No warning opens and nobody is called; who proposed it sees your opinion.",
    open: "Open the warning",
    fields: {
      level: "Level",
      title: "Title",
      text: "Text",
      textHelp: "What happened, where, and what is to be done",
      enterprises: "Enterprises",
      enterprisesHelp: "Several can be chosen; type a name to search",
      agencies: "Agencies",
      agenciesHelp: "When it concerns an area rather than one enterprise",
    },
  },
};
