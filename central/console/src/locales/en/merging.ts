// English words of merging warnings.

export const mergingWords = {
  merging: {
    merge: "Merge",
    title: (n: number) => `Merge ${n} warnings?`,
    help: "The worst and earliest lives on, with the earliest clock; the others close, and what raises them again joins it. This cannot be undone.",
    onePlant: "Only warnings of one plant can be merged",
    usual: ["Same event", "Same leak", "Same broken device"],
    into: "Merged into another warning, which calls and is handled:",
    members: (n: number) => `${n} warnings were merged into this one:`,
  },
};
