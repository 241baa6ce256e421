// Chinese words of the frame.

export const shellWords = {
  name: "中文",
  other: "English",
  brand: "烽燧",
  tagline: "一处告警，层层相传，直到有人应答",
  nav: {
    home: "首页",
    warnings: "预警",
    enterprises: "企业",
    devices: "设备",
    covered: "屏蔽",
    me: "我的",
    skip: "跳到正文",
    main: "主导航",
    strip: "未结预警",
    openStrip: "未结预警",
    collapse: "收起菜单",
    expand: "展开菜单",
  },
  arrival: {
    title: "新的红色预警",
    open: "查看",
    dismiss: "我已看到",
    dismissAll: "全部已看到",
    more: (n: number) => `另有 ${n} 条新的红色预警`,
    soundOff: "声音尚未开启",
    soundOn: "开启声音",
  },
  live: {
    connected: "实时",
    connecting: "连接中",
    retrying: "重连中",
    newest: (age: string) => `最新数据 ${age}`,
    noneYet: "尚无新数据",
    explain: {
      connected: "与中心的实时连接正常，新的预警会立即出现。",
      connecting: "正在建立实时连接。",
      retrying: "实时连接中断，正在自动重连；期间每 10 秒查询一次。",
    },
  },
  clock: { ok: "时钟已同步", bad: "时钟未同步，时间仅供参考" },
};
