// Chinese words of what people do around a warning besides answering it.

export const handlingWords = {
  handling: {
    title: "协同处置",
    photos: "现场照片",
    assignee: "交办给",
    assignedBy: (who: string, by: string) => (by && by !== who ? `${who}（${by}交办）` : who),
    urged: "催办",
    urgedTimes: (n: number) => `已催办 ${n} 次`,
    urge: "一键催办",
    urgeHelp: "立即呼叫当前责任人",
    assign: "交办给同事",
    assignTo: "选择本单位人员",
    assignGo: "交办",
    nobody: "本单位没有其他有处置权限的账号",
    onCall: (name: string) => `${name}（值班）`,
    comment: "留言",
    commentHint: "补充现场情况，所有能看到这条预警的人都能看到",
    send: "发送",
    readers: (n: number) => `${n} 人已查看`,
    otherCause: "其他",
    done: {
      comments: "已发送",
      urge: "已催办，正在呼叫责任人",
      assign: "已交办，正在通知对方",
    },
  },
};
