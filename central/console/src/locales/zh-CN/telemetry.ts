// Chinese words of points and trends.

export const telemetryWords = {
  point: {
    stale: (age: string) => `数据停在 ${age}`,
    neverSeen: "尚未收到数据",
    range: "量程",
    limits: "报警限",
    noLimits: "未设报警限",
    trend: "趋势",
    open: (name: string) => `查看 ${name} 的趋势`,
    bar: (value: string) => `当前 ${value}`,
  },
  trend: {
    ranges: { "1h": "1 小时", "6h": "6 小时", "24h": "24 小时", "7d": "7 天" } as Record<string, string>,
    picture: "导出图片",
    data: "导出数据",
    average: "平均",
    lowest: "最低",
    highest: "最高",
    badBand: "数据无效或缺失",
    samples: (n: number) => `${n} 个有效值`,
    badSamples: (n: number) => `${n} 个无效值`,
    noSamples: "此段没有有效数据",
    empty: "这段时间没有数据",
    raised: "报警",
    columns: ["时间", "最低", "平均", "最高", "有效值个数", "无效值个数"],
    bucket: (span: string) => `每点 ${span}，保留最高与最低`,
  },
};
