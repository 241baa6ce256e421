// Chinese words of warnings from outside.

export const outsideWords = {
  outside: {
    title: "外部预警",
    note: "气象部门和其他系统通过接口（JSON 或 CAP 1.2）发来的预警。来源更新、解除或有效期届满，这里随之变化。",
    empty: "目前没有生效的外部预警",
    emptyAll: "没有符合条件的外部预警",
    show: "范围",
    shows: { open: "生效中", ended: "已解除", all: "全部" } as Record<string, string>,
    kind: "种类",
    anyKind: "全部种类",
    kinds: { weather: "气象预警", external: "其他外部预警" } as Record<string, string>,
    level: "级别",
    what: "内容",
    source: "来源",
    owner: "涉及对象",
    at: "发布时间",
    until: "有效期至",
    noEnd: "未说明",
    ended: "已解除",
    test: "演练",
    open: "查看预警",
    none: "收到时已过有效期，未生成预警",
  },
};
