// A made-up county in motion, for looking at the pages without a centre: calm, leaking, large, or empty.

import type {
  Bucket,
  EnterpriseRow,
  GatewayRow,
  LadderStep,
  Level,
  PointRow,
  WarningDetail,
  WarningState,
} from "../src/api/types.ts";

export type Mood = "leak" | "calm" | "empty" | "large" | "error" | "slow";

const LONG =
  "云泽市临江县白沙镇新型环保精细化工材料循环利用与危险化学品仓储物流（集团）股份有限公司第二分公司";
const iso = (ms: number) => new Date(ms).toISOString();
const began = Date.now() - 95_000;

export function enterprises(mood: Mood): EnterpriseRow[] {
  if (mood === "empty") return [];
  const make = (
    id: number,
    name: string,
    region: string,
    agency: string,
    industry: string,
    hazard: number,
    contact: string,
    more: Partial<EnterpriseRow> = {},
  ): EnterpriseRow => ({
    id,
    code: `E${String(id).padStart(4, "0")}`,
    name,
    credit_code: `9142998${id}MA0QY00${id % 10}X`,
    region_code: "429981101",
    region_name: region,
    agency_name: agency,
    industry,
    hazard_class: hazard,
    longitude: 112.7 + id * 0.01,
    latitude: 30.3,
    sector: "chemical",
    status: "working",
    status_name: "在产",
    risk: (["red", "orange", "yellow", "blue"] as const)[hazard - 1] ?? null,
    risk_reason: "",
    address: `${region}水厂路 ${id + 7} 号`,
    contact_name: contact,
    contact_phone: `1990000000${id % 10}`,
    worst_level: null,
    open_warnings: 0,
    presence: "online",
    points: 6,
    bad_points: 0,
    newest_at: iso(Date.now() - 1_400),
    ...more,
  });
  const leak = mood === "leak" || mood === "large";
  const rows = [
    make(1, "临江清源水务有限公司", "青石镇", "青石镇应急办", "供水（氯库）", 3, "周海宁", {
      worst_level: leak ? "red" : null,
      open_warnings: leak ? 2 : 0,
    }),
    make(2, "白沙冷链食品有限公司", "白沙镇", "白沙镇应急办", "食品冷藏（液氨制冷）", 4, "何立群", {
      worst_level: leak ? "yellow" : null,
      open_warnings: leak ? 1 : 0,
      bad_points: leak ? 1 : 0,
    }),
    make(3, "柳河液化气储配站", "柳河镇", "柳河镇应急办", "液化石油气储配", 2, "孟建国", {
      presence: leak ? "offline" : "online",
      newest_at: iso(Date.now() - (leak ? 11 * 60_000 : 900)),
    }),
  ];
  if (mood !== "large") return rows;
  rows.push(
    make(4, LONG, "白沙镇", "白沙镇应急办", "危险化学品仓储、精细化工与循环利用", 1, "欧阳建设", {
      worst_level: "orange",
      open_warnings: 3,
      points: 148,
    }),
  );
  for (let id = 5; id < 40; id++)
    rows.push(
      make(id, `临江第${id}化工厂`, "柳河镇", "柳河镇应急办", "化工", 4, "钱多多", {
        presence: id % 9 === 0 ? "late" : "online",
      }),
    );
  return rows;
}

function value(id: number, at: number, leaking: boolean): number {
  const wave = Math.sin(at / 47_000 + id) * 0.5 + Math.sin(at / 13_000 + id * 3) * 0.2;
  if (id === 1) {
    const since = (at - began) / 1_000;
    return Math.max(
      0,
      0.12 + wave * 0.05 + (leaking && since > -20 ? Math.min(8.6, ((since + 20) / 60) ** 2 * 4) : 0),
    );
  }
  const base = [0, 0, 0.31, 18.4, 62, 1.18, 4.2][id % 7] ?? 10;
  return base * (1 + wave * 0.06);
}

export function points(mood: Mood, enterprise: number): PointRow[] {
  if (mood === "empty") return [];
  const leaking = mood === "leak" || mood === "large";
  const make = (
    n: number,
    key: string,
    name: string,
    unit: string,
    high: number,
    limits: [number | null, number | null, number | null, number | null],
  ): PointRow => {
    const id = (enterprise - 1) * 10 + n;
    const bad = leaking && n === 4;
    const now = Date.now();
    return {
      id,
      key,
      name,
      quantity: "concentration",
      unit,
      enterprise_id: enterprise,
      enterprise_name: enterprises(mood).find((row) => row.id === enterprise)?.name ?? "",
      source: "bus-1/1",
      period_s: 1,
      gateway_id: ["gw-chlorine", "gw-ammonia", "gw-lpg"][enterprise - 1] ?? `gw-${enterprise}`,
      range: { low: 0, high },
      limits: { ll: limits[0], l: limits[1], h: limits[2], hh: limits[3] },
      value: bad ? null : value(id, now, leaking),
      quality: bad ? 24 : 192,
      quality_text: bad ? "bad" : "good",
      quality_reason: bad ? "通信失败" : "正常",
      at: iso(now - (bad ? 372_000 : 1_200)),
      age_s: 1,
      clock_synchronised: true,
      alarms:
        leaking && n === 1
          ? [
              {
                id: `${key}/HH`,
                side: "high",
                limit: "HH",
                state: "B",
                since: iso(began),
                under: "",
                first: true,
                by: "",
                reason: "",
                until: null,
              },
            ]
          : [],
    };
  };
  return [
    make(1, "GT-101", "氯库泄漏浓度", "ppm", 20, [null, null, 1, 3]),
    make(2, "PT-102", "加氯管线压力", "MPa", 1, [0.1, 0.2, 0.5, 0.6]),
    make(3, "TT-103", "氯库环境温度", "℃", 60, [null, 0, 40, 45]),
    make(4, "WT-104", "氯瓶称重", "kg", 1000, [20, 50, null, null]),
    make(5, "PT-105", "吸收塔循环压力", "MPa", 2, [0.4, 0.8, null, null]),
    make(6, "LT-106", "碱液池液位", "m", 6, [0.8, 1.5, null, null]),
  ];
}

export function trend(id: number, from: number, to: number, count: number, mood: Mood) {
  const leaking = mood === "leak" || mood === "large";
  const span = (to - from) / count;
  const known = points(mood, Math.floor((id - 1) / 10) + 1).find((row) => row.id === id);
  const buckets: Bucket[] = [];
  for (let i = 0; i < count; i++) {
    const t = from + i * span;
    const gap = id % 10 === 4 && Date.now() - t < 372_000;
    const hole = id % 10 === 2 && i > count * 0.4 && i < count * 0.47;
    if (t > Date.now()) break;
    const v = value(id, t, leaking);
    const spread = Math.abs(v) * 0.03 + 0.005;
    buckets.push(
      gap || hole
        ? { t: iso(t), min: null, max: null, avg: null, count: 0, bad: gap ? 9 : 0 }
        : { t: iso(t), min: v - spread, max: v + spread * (i % 17 === 0 ? 3 : 1), avg: v, count: 10, bad: 0 },
    );
  }
  return {
    point_id: id,
    from: iso(from),
    to: iso(to),
    bucket_s: span / 1_000,
    buckets,
    limits: known?.limits ?? { ll: null, l: null, h: null, hh: null },
  };
}

export function gateways(mood: Mood): GatewayRow[] {
  return enterprises(mood).map((row, index) => ({
    id: ["gw-chlorine", "gw-ammonia", "gw-lpg"][index] ?? `gw-${row.id}`,
    name: ["氯库网关", "氨制冷网关", "储配站网关"][index] ?? `${row.code} 网关`,
    enterprise_id: row.id,
    enterprise_name: row.name,
    presence: row.presence === "none" ? "offline" : row.presence,
    last_heartbeat_at: row.presence === "offline" ? iso(Date.now() - 660_000) : iso(Date.now() - 2_300),
    age_s: 2,
    boot: "00000003",
    active_alarms: index === 0 && mood === "leak" ? 2 : 0,
    clock_synchronised: index !== 1,
    queue: { event: 0, measurement: row.presence === "offline" ? 118 : 0 },
    software: "0.1.0",
    sources: [
      { source: "bus-1/1", name: "气体报警控制器", state: "good", good_age_s: 0.6 },
      {
        source: "bus-1/2",
        name: "称重仪表",
        state: index === 0 && mood === "leak" ? "silent" : "good",
        good_age_s: 372,
      },
    ],
    outputs: ["main.horn", "main.beacon"].map((output) => ({
      output,
      on: index === 0 && mood === "leak",
      ok: true,
      reason: "",
      tested_at: null,
      test_ok: null,
      test_reason: "",
      test_due_at: null,
      overdue: false,
    })),
    buses: [
      {
        bus: "rs485",
        connected: true,
        busy: 0.41,
        good: 91_240,
        failed: 3,
        silent: index === 0 ? 1 : 0,
        trouble: "",
      },
    ],
    road: index === 1 ? ("mqtt" as const) : ("zenoh" as const),
    annunciators: [
      {
        name: "main",
        annunciations: index === 0 && mood === "leak" ? 3 : 0,
        flood: false,
        chatter: [],
        most_24h: 4,
        flood_hours_24h: 0,
        flood_above: 10,
        weekly_test: false,
      },
    ],
  }));
}

interface Case {
  id: string;
  level: Level;
  title: string;
  point: number | null;
  enterprise: number;
  ago: number;
  state: WarningState;
}

const cases: Case[] = [
  {
    id: "0198a000-0000-7000-8000-000000000001",
    level: "red",
    title: "氯库泄漏浓度 高高报",
    point: 1,
    enterprise: 1,
    ago: 95,
    state: "open",
  },
  {
    id: "0198a000-0000-7000-8000-000000000002",
    level: "yellow",
    title: "氯瓶称重 数据不可信",
    point: 4,
    enterprise: 1,
    ago: 372,
    state: "open",
  },
  {
    id: "0198a000-0000-7000-8000-000000000003",
    level: "yellow",
    title: "低压循环桶液位 高报",
    point: 16,
    enterprise: 2,
    ago: 1_260,
    state: "acknowledged",
  },
  {
    id: "0198a000-0000-7000-8000-000000000004",
    level: "orange",
    title: "储罐压力 高高报",
    point: 21,
    enterprise: 3,
    ago: 7_900,
    state: "handled",
  },
  {
    id: "0198a000-0000-7000-8000-000000000005",
    level: "blue",
    title: "网关「储配站网关」失联",
    point: null,
    enterprise: 3,
    ago: 640,
    state: "open",
  },
  {
    id: "0198a000-0000-7000-8000-000000000006",
    level: "blue",
    title: "氯库环境温度 高报",
    point: 3,
    enterprise: 1,
    ago: 90_000,
    state: "closed",
  },
  {
    id: "0198a000-0000-7000-8000-000000000007",
    level: "yellow",
    title: "吸收塔循环压力 低报",
    point: 5,
    enterprise: 1,
    ago: 180_000,
    state: "false_alarm",
  },
];

const changed = new Map<string, Partial<WarningDetail> & { tag: number }>();

export function change(id: string, part: Partial<WarningDetail>): void {
  const known = changed.get(id);
  changed.set(id, { ...known, ...part, tag: (known?.tag ?? 1) + 1 });
}

export function warnings(mood: Mood): WarningDetail[] {
  if (mood === "empty" || mood === "calm") return [];
  const rows = cases.map((each, index) => detail(each, index, mood));
  if (mood === "large") {
    const plant = cases[1] as Case;
    for (let n = 0; n < 60; n++)
      rows.push(
        detail(
          {
            ...plant,
            id: `0198a000-0000-7000-8000-0000000001${String(n).padStart(2, "0")}`,
            enterprise: 4,
            level: n % 3 ? "blue" : "orange",
            title: "危险化学品甲类仓库东侧二号可燃气体探测器浓度 高高报",
            ago: 400 + n * 100,
          },
          10 + n,
          mood,
        ),
      );
  }
  return rows;
}

function detail(each: Case, index: number, mood: Mood): WarningDetail {
  const raised = each.ago === 95 ? began : Date.now() - each.ago * 1_000;
  const at = (ms: number) => iso(raised + ms);
  const plant = enterprises(mood).find((row) => row.id === each.enterprise);
  const point = points(mood, each.enterprise).find((row) => row.id === each.point) ?? null;
  const over = changed.get(each.id);
  const state = over?.state ?? each.state;
  const step = (
    n: number,
    rank: number,
    name: string,
    due: number,
    names: [string, string, string][],
  ): LadderStep => {
    const fired = raised + due < Date.now() && state === "open";
    return {
      level: each.level,
      reason: n === 1 && fired ? "本级没有值班人员" : "",
      round: 0,
      step: n,
      rank,
      agency_name: name,
      due_at: at(due),
      fired_at: fired ? at(due + 20) : null,
      state: n === 1 && fired ? "gap" : fired ? "fired" : "waiting",
      people:
        fired && n !== 1
          ? names.map(([who, channel, status]) => ({
              name: who,
              agency_name: name,
              channel,
              state: status,
              reason: "",
              possibly_twice: false,
              digest: null,
              at: at(due + 900),
            }))
          : [],
    };
  };
  const ladder = [
    step(0, 0, plant?.name ?? "", 100, [
      ["周海宁", "sms", "delivered"],
      ["周海宁", "in_app", "read"],
      ["郑安", "sms", "failed"],
    ]),
    step(1, 2, "青石镇应急办", 30_000, []),
    step(2, 3, "临江县应急管理局", 30_400, [["顾长河", "sms", "sent"]]),
    step(3, 4, "云泽市应急管理局", 190_000, [["沈砚秋", "sms", "pending"]]),
  ];
  const base: WarningDetail = {
    id: each.id,
    number: `YJ${String(1041 - index).padStart(8, "0")}`,
    level: each.level,
    title: each.title,
    kind: each.point === null ? "presence" : "alarm",
    side: "high",
    subject_type: each.point === null ? "gateway" : "point",
    subject_id: String(each.point ?? "gw-lpg"),
    subject_name: each.title.split(" ")[0] ?? each.title,
    gateway_id: null,
    instrument: null,
    enterprise_id: each.enterprise,
    agency_id: null,
    enterprise_name: plant?.name ?? "",
    region_name: plant?.region_name ?? "",
    state,
    condition: each.state === "open" || each.state === "acknowledged" ? "active" : "clear",
    raised_at: iso(raised),
    received_at: at(41),
    late: index === 4,
    delayed_s: index === 4 ? 185 : 0.04,
    history: false,
    cleared_at: null,
    suppressed_until: null,
    kind_name: "过程报警",
    previous_id: null,
    unit: point?.unit ?? "",
    handled_by: state === "handled" || state === "closed" ? "周海宁" : null,
    false_reason: null,
    false_by: null,
    closed_by: null,
    opinion: null,
    acknowledged_at: state === "acknowledged" ? at(240_000) : null,
    acknowledged_by: state === "acknowledged" ? "白沙镇应急办 林巧云" : null,
    assignee: null,
    handling: {
      cause_list: each.point === null ? "equipment-cause" : "process-cause",
      cause_code: "",
      assignee: null,
      assigned_at: null,
      assigned_by: null,
      urges: 0,
      urged_at: null,
      photos: [],
      readers: [],
      also: ["comment", "urge", "assign"],
      merged_into: null,
      members: [],
    },
    handled_at: state === "handled" ? at(1_000_000) : null,
    closed_at: state === "closed" || state === "false_alarm" ? at(2_000_000) : null,
    step: ladder.filter((rung) => rung.fired_at).length - 1,
    next_step_at:
      state === "open" || state === "acknowledged"
        ? iso(Math.max(Date.now() + 40_000, raised + 190_000))
        : null,
    is_test: false,
    first_up: false,
    parent_id: null,
    children: 0,
    held_by: null,
    held_until: null,
    under: [],
    parent: null,
    window: null,
    etag: `"${over?.tag ?? 1}"`,
    level_reason: "危险等级三级的企业，有毒气体浓度超过高高限：红色（默认定级表第 1 版，本系统建议值）",
    occurrence: "0000003-7",
    point,
    limit_name: each.title.includes("高高") ? "HH" : "H",
    limit: 3,
    value: 3.21,
    cause: state === "handled" || state === "closed" ? "阀门或法兰松动" : null,
    measures:
      state === "handled" || state === "closed"
        ? "切断气源 / 关阀；强制通风；已更换 2 号氯瓶角阀垫片，复测正常"
        : null,
    policy: {
      name: "红色默认预案",
      version: 1,
      source: "本系统建议值",
      steps: [],
      handling_s: 1_800,
      repeat_s: 600,
    },
    ladder,
    timeline: [
      {
        at: at(-42),
        source: "instrument",
        kind: "read",
        title: "仪表示值越过高高限",
        detail: "GT-101 测值 3.21 ppm，限值 3 ppm",
        who: "",
        latency_ms: null,
      },
      {
        at: at(0),
        source: "gateway",
        kind: "raise",
        title: "网关报警",
        detail: "去抖 2 秒后成立",
        who: "",
        latency_ms: 42,
      },
      {
        at: at(8),
        source: "gateway",
        kind: "output",
        title: "警笛、警灯动作",
        detail: "继电器回读一致",
        who: "",
        latency_ms: 8,
      },
      {
        at: at(41),
        source: "centre",
        kind: "received",
        title: "中心收到并入库",
        detail: "",
        who: "",
        latency_ms: 33,
      },
      {
        at: at(44),
        source: "centre",
        kind: "opened",
        title: "生成预警",
        detail: "红色：有毒气体浓度超过高高限",
        who: "",
        latency_ms: 3,
      },
      {
        at: at(120),
        source: "centre",
        kind: "step",
        title: "呼叫企业",
        detail: plant?.name ?? "",
        who: "",
        latency_ms: 76,
      },
      {
        at: at(410),
        source: "provider",
        kind: "sent",
        title: "短信已提交",
        detail: "",
        who: "周海宁",
        latency_ms: 290,
      },
      {
        at: at(2_650),
        source: "provider",
        kind: "delivered",
        title: "短信已送达",
        detail: "",
        who: "周海宁",
        latency_ms: 2_240,
      },
      {
        at: at(2_700),
        source: "provider",
        kind: "failed",
        title: "短信发送失败",
        detail: "号码停机",
        who: "郑安",
        latency_ms: 50,
      },
      {
        at: at(30_020),
        source: "centre",
        kind: "gap",
        title: "本级没有值班人员，转下一级",
        detail: "青石镇应急办",
        who: "",
        latency_ms: 27_320,
      },
      {
        at: at(30_420),
        source: "centre",
        kind: "step",
        title: "呼叫县（区）",
        detail: "临江县应急管理局",
        who: "",
        latency_ms: 400,
      },
      ...(state === "open"
        ? []
        : [
            {
              at: at(240_000),
              source: "person" as const,
              kind: "acknowledged",
              title: "确认接警，升级流程暂停",
              detail: "",
              who: "白沙镇应急办 林巧云",
              latency_ms: 209_580,
            },
          ]),
    ],
    actions:
      state === "open"
        ? ["acknowledge", "handle", "false-alarm"]
        : state === "acknowledged"
          ? ["handle", "false-alarm"]
          : state === "handled"
            ? ["close"]
            : [],
    why_visible: "这家企业在您的辖区（临江县）内",
  };
  const { tag: _tag, ...part } = over ?? { tag: 0 };
  return { ...base, ...part };
}
