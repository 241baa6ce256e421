// Chinese words of signing in and the user's own page.

export const identityWords = {
  login: {
    title: "登录",
    account: "账号",
    password: "密码",
    submit: "登录",
    accountMissing: "请输入账号",
    passwordMissing: "请输入密码",
    wrong: "账号或密码不正确，请重新输入",
    locked: "尝试次数过多，请稍后再试",
    signedOut: "登录已失效，请重新登录",
    capsLock: "大写锁定已打开",
  },
  me: {
    title: "我的",
    role: "角色",
    place: "辖区",
    unit: "单位",
    may: "可以做的事",
    mayNothing: "仅可查看",
    language: "语言",
    sound: "红色预警响铃",
    soundHelp: "新的红色预警到达时响一声",
    soundTest: "试听",
    signOut: "退出登录",
    operations: {
      acknowledge: "确认接警",
      handle: "填报处置",
      "false-alarm": "标记误报",
      close: "核验关闭",
      command: "向网关发指令",
      cover: "搁置、停用报警",
      audit: "查看审计记录",
      see: "查看",
    } as Record<string, string>,
  },
};
