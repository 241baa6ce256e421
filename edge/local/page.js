// The page on the plant floor. It asks for the whole state once a second and shows it; what an operator does is a
// request whose outcome is shown in words. Nothing here is remembered but the language.
"use strict";

const WORDS = {
  zh: {
    signIn: "现场操作登录", yourName: "您的姓名（记入操作记录）", code: "口令", enter: "登录", byButton: "按现场按钮登录",
    press: "请在一分钟内按一下报警器上的按钮…", silence: "消音", acknowledgeAll: "全部确认", values: "实时数值", health: "设备状态",
    signOut: "退出", reason: "原因", minutes: "时长（分钟）", doIt: "确定", cancel: "取消", normal: "运行正常", quiet: "无报警", blind: (n) => `${n} 个测点无有效数据`,
    alarms: (n) => `${n} 项报警`, unheard: (n) => `${n} 项未确认`, sounding: "正在鸣响", lost: "与网关的连接中断，以下不是当前数据",
    uplink: "上级平台", connected: "已连接", disconnected: "断开（数据本地保存）", none: "未启用", clock: "时钟", synchronised: "已同步",
    unsynchronised: "未同步", waiting: "待上传", batches: "批", disk: "存储", full: "已满", ok: "正常", bus: "总线", good: "次成功",
    failed: "次失败", output: "输出", on: "动作", off: "未动作", fails: "未响应", bad: "无有效数据", uncertain: "数据存疑", ago: "前",
    acknowledge: "确认", shelve: "搁置", unshelve: "取消搁置", "in-service": "恢复启用", done: "已执行", states: { B: "报警中", C: "报警中，已确认", D: "已恢复，待确认",
      E: "已恢复，锁定待确认", F: "已确认，待复位", G: "已搁置", H: "设计抑制", I: "停用" }, testHorn: "试鸣报警器", reset: "复位",
    testOf: "测试", underTest: (p, by, min) => `测试中：${p}（${by}，${min} 分钟内自动结束）`,
  },
  en: {
    signIn: "Sign in at the plant", yourName: "Your name (goes into the record)", code: "Code", enter: "Sign in",
    byButton: "Sign in by the plant's button", press: "Press the annunciator's button within one minute…", silence: "Silence",
    acknowledgeAll: "Acknowledge all", values: "Values", health: "Health", signOut: "Sign out", reason: "Reason",
    minutes: "For how long (minutes)", doIt: "Do it", cancel: "Cancel", normal: "All normal", quiet: "No alarm", blind: (n) => `${n} without a valid value`, alarms: (n) => `${n} alarm${n === 1 ? "" : "s"}`,
    unheard: (n) => `${n} unacknowledged`, sounding: "sounding", lost: "No connection to the gateway: what you see is old",
    uplink: "Centre", connected: "connected", disconnected: "cut off (kept here)", none: "switched off", clock: "Clock",
    synchronised: "synchronised", unsynchronised: "not synchronised", waiting: "To be sent", batches: "batches", disk: "Storage",
    full: "full", ok: "in order", bus: "Bus", good: "good", failed: "failed", output: "Output", on: "on", off: "off",
    fails: "does not follow", bad: "no valid value", uncertain: "uncertain", ago: "ago", acknowledge: "Acknowledge", shelve: "Shelve",
    unshelve: "Unshelve", "in-service": "Put back", "in-service": "Put back", done: "Done", states: { B: "in alarm", C: "in alarm, acknowledged", D: "returned, unacknowledged",
      E: "returned, latched", F: "acknowledged, to be reset", G: "shelved", H: "suppressed", I: "out of service" }, testHorn: "Try the horn", reset: "Reset",
    testOf: "TEST", underTest: (p, by, min) => `Under test: ${p} (${by}, ends by itself within ${min} min)`,
  },
};

const $ = (id) => document.getElementById(id);
let language = localStorage.getItem("fengsui-language") || "zh";
const t = (key, ...values) => { const w = WORDS[language][key]; return typeof w === "function" ? w(...values) : w; };

function translate() {
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  for (const element of document.querySelectorAll("[data-t]")) element.textContent = t(element.dataset.t);
  $("language").textContent = language === "zh" ? "EN" : "中文";
}

function make(tag, className, ...children) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...children);
  return element;
}

function forTime(seconds) {
  const s = Math.round(seconds);
  if (s < 90) return `${s} s`;
  if (s < 5400) return `${Math.round(s / 60)} min`;
  return `${Math.round(s / 3600)} h`;
}

function number(value) {
  if (Math.abs(value) >= 1000) return value.toFixed(0);
  return String(Number(value.toFixed(3)));
}

async function call(method, path, body) {
  const response = await fetch(path, {
    method, headers: { "x-fengsui-page": "1", "content-type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body), cache: "no-store",
  });
  return { status: response.status, body: await response.json() };
}

async function act(action, alarm = "", extra = {}) {
  try {
    const answer = await call("POST", "/api/act", { action, alarm, ...extra });
    $("told").textContent = answer.body.detail || answer.body.done || t("done");
  } catch { /* the next look says that the connection is lost */ }
  await look();
}

function ask(title, timed) {
  return new Promise((resolve) => {
    const dialog = $("ask");
    $("ask-title").textContent = title;
    $("ask-for").hidden = !timed;
    $("ask-reason").value = "";
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"
      ? { reason: $("ask-reason").value, minutes: timed ? Number($("ask-minutes").value) : 0 } : null), { once: true });
    dialog.showModal();
  });
}

function alarmRow(alarm, actions) {
  const buttons = make("span", "");
  if ("BDE".includes(alarm.state)) {
    const button = make("button", "", t("acknowledge"));
    button.addEventListener("click", () => act("acknowledge", alarm.alarm));
    buttons.append(button);
  }
  const name = { G: "unshelve", I: "in-service", F: "reset", H: "" }[alarm.state] ?? "shelve";
  if (name && actions.includes(name)) {
    const button = make("button", "plain", t(name));
    button.addEventListener("click", async () => {
      const how = name === "reset" ? {} : await ask(`${t(name)}: ${alarm.text}`, name === "shelve");
      if (how) await act(name, alarm.alarm, how);
    });
    buttons.append(" ", button);
  }
  const words = make("div", "", make("div", "", alarm.text),
    make("div", "soft", `${alarm.test ? `【${t("testOf")}】` : ""}${t("states")[alarm.state] || alarm.state} · ${forTime(alarm.since_s)}`));
  return make("li", `p${alarm.priority}`, make("div", "row", words, buttons));
}

function pointRow(point) {
  const value = make("div", "value");
  if (point.value === null) value.textContent = t("bad");
  else value.append(number(point.value), " ", make("small", "", point.unit));
  const limits = Object.entries(point.limits).map(([name, limit]) => `${name} ${number(limit)}`).join("  ");
  const more = [point.key, limits];
  if (point.quality === "uncertain") more.push(t("uncertain"));
  if (point.quality !== "good" && point.reason) more.push(point.reason);
  if (point.age_s !== null && point.age_s > 10) more.push(`${forTime(point.age_s)} ${t("ago")}`);
  const words = make("div", "", make("div", "", point.name), make("div", "soft", more.filter(Boolean).join(" · ")));
  return make("li", point.quality, make("div", "row", words, value));
}

function health(state) {
  const list = $("health");
  list.replaceChildren();
  const row = (name, text, bad) => list.append(make("dt", "", name), make("dd", bad ? "bad" : "", text));
  row(t("uplink"), t(state.uplink), state.uplink === "disconnected");
  row(t("waiting"), `${state.waiting.events} + ${state.waiting.measurements} ${t("batches")}`, false);
  row(t("clock"), t(state.clock_synchronised ? "synchronised" : "unsynchronised"), !state.clock_synchronised);
  row(t("disk"), t(state.disk_full ? "full" : "ok"), state.disk_full);
  for (const bus of state.buses) {
    const counts = bus.good === null ? "" : ` · ${bus.good} ${t("good")} · ${bus.failed} ${t("failed")}`;
    row(`${t("bus")} ${bus.name}`, t(bus.connected ? "connected" : "fails") + counts, !bus.connected);
  }
  for (const output of state.outputs) {
    row(`${t("output")} ${output.output}`, output.ok ? t(output.on ? "on" : "off") : t("fails"), !output.ok);
  }
}

function show(state) {
  $("sign-in").hidden = true;
  $("inside").hidden = false;
  $("name").textContent = state.name;
  $("gateway").textContent = state.gateway;
  const standing = state.alarms.filter((alarm) => !"GHI".includes(alarm.state));
  const unheard = standing.filter((alarm) => "BDE".includes(alarm.state)).length;
  const blind = state.points.filter((point) => point.quality !== "good").length;
  const worst = standing.length ? Math.max(...standing.map((alarm) => alarm.priority)) : -1;
  // Green is promised only while every value can be believed.
  $("verdict").className = worst >= 0 ? `p${worst}` : blind ? "p1" : "";
  $("verdict-text").textContent = standing.length ? t("alarms", standing.length) : t(blind ? "quiet" : "normal");
  $("verdict-more").textContent = [blind ? t("blind", blind) : "", unheard ? t("unheard", unheard) : "", state.sounding ? t("sounding") : ""].filter(Boolean).join(" · ");
  $("point-tests").replaceChildren(...state.point_tests.map((one) =>
    make("li", "", t("underTest", one.point, one.by, Math.ceil(one.left_s / 60)))));
  $("point-tests").hidden = !state.point_tests.length;
  $("silence").disabled = !state.sounding;
  $("acknowledge").disabled = !unheard;
  $("test").hidden = !state.actions.includes("test");
  $("test").disabled = state.sounding;
  $("alarms").replaceChildren(...state.alarms.map((alarm) => alarmRow(alarm, state.actions)));
  $("points").replaceChildren(...state.points.map(pointRow));
  health(state);
}

async function look() {
  try {
    const answer = await call("GET", "/api/state");
    $("lost").hidden = true;
    if (answer.status === 200) return show(answer.body);
    $("inside").hidden = true;
    $("sign-in").hidden = false;
    $("code-row").hidden = $("by-code").hidden = !answer.body.sign_in.code;
    $("by-button").hidden = !answer.body.sign_in.button;
  } catch {
    $("lost").textContent = t("lost");
    $("lost").hidden = false;
  }
}

async function signIn(event) {
  event.preventDefault();
  const answer = await call("POST", "/api/sign-in", { name: $("who").value, code: $("code").value });
  $("code").value = "";
  $("sign-in-told").textContent = answer.body.detail || "";
  await look();
}

async function waitForButton() {
  const begun = await call("POST", "/api/sign-in", { name: $("who").value });
  if (begun.status !== 202) { $("sign-in-told").textContent = begun.body.detail; return; }
  $("sign-in-told").textContent = t("press");
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 700));
    const answer = await call("GET", `/api/sign-in/${begun.body.request}`);
    if (answer.status === 202) continue;
    $("sign-in-told").textContent = answer.body.detail || "";
    return look();
  }
}

$("sign-in").addEventListener("submit", signIn);
$("by-button").addEventListener("click", () => { if ($("who").reportValidity()) waitForButton(); });
$("silence").addEventListener("click", () => act("silence"));
$("acknowledge").addEventListener("click", () => act("acknowledge"));
$("test").addEventListener("click", () => act("test"));
$("sign-out").addEventListener("click", async () => { await call("POST", "/api/sign-out", {}); await look(); });
$("language").addEventListener("click", () => {
  language = language === "zh" ? "en" : "zh";
  localStorage.setItem("fengsui-language", language);
  translate();
  look();
});
translate();
look();
setInterval(look, 1000);
