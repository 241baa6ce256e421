// English words of evidence packs.

export const evidenceWords = {
  evidence: {
    title: "Evidence",
    take: "Download evidence pack",
    note: "Values around the alarm, events, story, calls with receipts and photographs, signed by this centre and verified offline. Each download is written in the audit log.",
    file: (number: string) => `evidence-${number}.zip`,
  },
};
