// Chinese words of evidence packs.

export const evidenceWords = {
  evidence: {
    title: "证据包",
    take: "下载证据包",
    note: "前后数据、事件、全过程、呼叫与回执、照片，由本中心签名，可离线核验；每次下载都会记入审计日志。",
    file: (number: string) => `预警证据-${number}.zip`,
  },
};
