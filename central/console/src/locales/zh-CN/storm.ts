// Chinese words of storms: many warnings at once, and the messages that tell of several.

export const stormWords = {
  storm: {
    title: "预警集中发生",
    count: (cases: number, owners: number, since: string) =>
      `${since} 以来 ${cases} 条未结预警，涉及 ${owners} 家单位`,
    firstUp: "首发",
    first: "最早",
    more: (n: number) => `显示全部 ${n} 家`,
    fewer: "收起",
    digest: "汇总短信",
    withDigest: (name: string) => `并入 ${name}`,
    carried: (n: number) => `查看合并的 ${n} 条`,
    ofDigest: (name: string) => `汇总短信：${name}`,
    ownOnly: "内容只对接收人显示",
  },
};
