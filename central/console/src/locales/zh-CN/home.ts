// Chinese words of the home page.

export const homeWords = {
  home: {
    title: "首页",
    needsAnswer: "需要立即接警",
    count: (n: number) => `${n} 件`,
    oldest: "最早一件已等待",
    waiting: (span: string) => `已等待 ${span}`,
    calm: "当前没有需要接警的预警",
    calmMore: (enterprises: number, good: number) => `辖区内 ${enterprises} 家企业、${good} 个监测点数据正常`,
    checked: (time: string) => `核对时间 ${time}`,
    all: "全部预警",
    dueToday: "今日到期",
    review: "自行消除，待复核",
    verify: "已处置，待核验关闭",
    nothingDue: "今日没有到期事项",
    glance: "辖区概况",
    enterprises: "企业",
    withOpen: "有未结预警",
    gatewaysOnline: "网关在线",
    pointsGood: "监测点数据正常",
    covered: "报警被屏蔽",
    of: (n: string, total: string) => `${n} / ${total}`,
    enterpriseList: "企业状态",
    allEnterprises: "全部企业",
  },
};
