// Chinese words of merging warnings.

export const mergingWords = {
  merging: {
    merge: "合并",
    title: (n: number) => `合并 ${n} 条预警？`,
    help: "保留级别最高、最早的一条，按最早的时间继续呼叫；其余并入后关闭，再次报警计入保留的一条。不能撤销。",
    onePlant: "只能合并同一家企业的预警",
    usual: ["同一起事件", "同一处泄漏", "同一设备故障"],
    into: "本预警已并入，由其继续呼叫和处置：",
    members: (n: number) => `有 ${n} 条预警并入本预警：`,
  },
};
