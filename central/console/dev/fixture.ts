// Answers /api/v1 from the made-up county inside Vite's development server. Never part of a build.
//
// `?` is not needed to change the mood: GET /fixture/leak, /fixture/calm, /fixture/empty, /fixture/large,
// /fixture/error, /fixture/slow; GET /fixture/meddle changes the first warning behind the user's back.

import type { IncomingMessage, ServerResponse } from "node:http";
import type { Plugin } from "vite";
import type { SettingsChange } from "../src/api/settings.ts";
import type { DayCount, InboxMessage, Me, Overview, Settings, WarningRow } from "../src/api/types.ts";
import { change, enterprises, gateways, type Mood, points, trend, warnings } from "./county.ts";
import { map } from "./map.ts";

let mood: Mood = "leak";

const me: Me = {
  account: "county",
  display_name: "顾长河",
  role: "county",
  role_name: "县级监管",
  kind: "supervisor",
  place_name: "临江县",
  agency_id: 2,
  agency_name: "临江县应急管理局",
  enterprise_id: null,
  enterprise_name: null,
  may: ["acknowledge", "handle", "false-alarm", "close", "command"],
  steps: [],
};

function overview(): Overview {
  const rows = warnings(mood);
  const by = (state: (row: WarningRow) => boolean) => ({
    red: rows.filter((row) => state(row) && row.level === "red").length,
    orange: rows.filter((row) => state(row) && row.level === "orange").length,
    yellow: rows.filter((row) => state(row) && row.level === "yellow").length,
    blue: rows.filter((row) => state(row) && row.level === "blue").length,
  });
  const open = rows.filter((row) => row.state === "open");
  const plants = enterprises(mood);
  return {
    needs_answer: {
      count: open.length,
      oldest_raised_at: open.map((row) => row.raised_at).sort()[0] ?? null,
      by_level: by((row) => row.state === "open"),
    },
    open_by_level: by((row) => row.state === "open" || row.state === "acknowledged"),
    due_today: { review: 0, verify: rows.filter((row) => row.state === "handled").length },
    enterprises: {
      total: plants.length,
      with_open: plants.filter((row) => row.worst_level).length,
      offline: plants.filter((row) => row.presence === "offline").length,
    },
    gateways: {
      online: plants.filter((row) => row.presence === "online").length,
      late: plants.filter((row) => row.presence === "late").length,
      offline: plants.filter((row) => row.presence === "offline").length,
    },
    points: {
      total: plants.length * 6,
      good: plants.length * 6 - (mood === "leak" ? 1 : 0),
      bad: mood === "leak" ? 1 : 0,
    },
    covered: {
      shelved: 1,
      out_of_service: 1,
      suppressed: 0,
      quality: 0,
      soon: 1,
      windows: 0,
      false_alarms: 0,
    },
    at: new Date().toISOString(),
  };
}

const inState: Record<string, (row: WarningRow) => boolean> = {
  open: (row) => row.state === "open" || row.state === "acknowledged",
  unanswered: (row) => row.state === "open",
  handled: (row) => row.state === "handled",
  cleared: (row) => row.state === "cleared",
  answered: (row) => row.state === "acknowledged" || row.state === "handled",
  ended: (row) => row.state === "closed" || row.state === "cleared" || row.state === "false_alarm",
  all: () => true,
};

let signedIn = true;

let kept: Settings = {
  language: null,
  sound: null,
  mode: null,
  density: null,
  hidden_kinds: null,
  columns: {},
  views: {},
};
const AREAS = [
  { code: "429981", name: "临江县", parent: null },
  { code: "429981101", name: "青石镇", parent: "429981" },
  { code: "429981102", name: "白沙镇", parent: "429981" },
];
const SECTORS = [
  { code: "chemical", name: "危险化学品" },
  { code: "trade", name: "工贸" },
];
const read = new Set<number>();

function messages(): InboxMessage[] {
  return warnings(mood)
    .slice(0, 12)
    .map((row, n) => ({
      id: n + 1,
      at: row.raised_at,
      kind: n % 4 === 3 ? "account" : "warning",
      title: row.title,
      text: `${row.enterprise_name}，请立即接警`,
      link: `/warnings/${row.id}`,
      read_at: read.has(n + 1) || n > 2 ? row.raised_at : null,
    }));
}

function lastDays(): DayCount[] {
  return [6, 5, 4, 3, 2, 1, 0].map((ago) => ({
    day: new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10),
    red: mood === "empty" ? 0 : ago % 3 === 0 ? 1 : 0,
    orange: mood === "empty" ? 0 : ago % 2,
    yellow: mood === "empty" ? 0 : (ago * 7) % 5,
    blue: mood === "empty" ? 0 : (ago * 3) % 4,
  }));
}

function live(response: ServerResponse): void {
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
  response.write(": hello\n\n");
  const timer = setInterval(() => {
    const items = enterprises(mood)
      .slice(0, 3)
      .filter((row) => row.presence !== "offline")
      .flatMap((row) => points(mood, row.id))
      .filter((point) => point.quality_text === "good")
      .map((point) => ({
        point_id: point.id,
        enterprise_id: point.enterprise_id,
        value: point.value,
        quality: point.quality,
        at: new Date().toISOString(),
      }));
    response.write(`event: measurement\ndata: ${JSON.stringify({ items })}\n\n`);
  }, 1_000);
  response.on("close", () => clearInterval(timer));
}

async function bodyOf(request: IncomingMessage): Promise<Record<string, string>> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return parts.length ? JSON.parse(Buffer.concat(parts).toString()) : {};
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? "/", "http://fixture");
  const way = url.pathname.replace("/api/v1", "");
  const method = request.method ?? "GET";
  const tell = (data: unknown, status = 200, headers: Record<string, string> = {}) => {
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(status === 204 ? undefined : JSON.stringify(data));
  };
  const refuse = (status: number, detail = "") =>
    tell({ type: "about:blank", title: "", status, detail, fields: [] }, status);
  const page = (rows: unknown[]) => {
    const from = Number(url.searchParams.get("cursor") ?? 0);
    const limit = Number(url.searchParams.get("limit") ?? 50);
    tell({
      items: rows.slice(from, from + limit),
      next: from + limit < rows.length ? String(from + limit) : null,
    });
  };

  if (way === "/session" && method === "POST") {
    const entered = await bodyOf(request);
    signedIn = entered.password !== "wrong";
    return signedIn ? tell(me, 201) : refuse(401, "账号或密码不正确");
  }
  if (way === "/session" && method === "DELETE") {
    signedIn = false;
    return tell(null, 204);
  }
  if (!signedIn) return refuse(401);
  if (way === "/session") return tell(me);
  if (way === "/live") return live(response);
  if (way === "/settings") {
    if (method === "PATCH") {
      const { columns = {}, views = {}, ...named } = (await bodyOf(request)) as unknown as SettingsChange;
      const lists = Object.entries({ ...kept.columns, ...columns }).filter(([, keys]) => keys !== null);
      const saved = Object.entries({ ...kept.views, ...views }).filter(([, of]) => of !== null);
      kept = {
        ...kept,
        ...named,
        columns: Object.fromEntries(lists) as Settings["columns"],
        views: Object.fromEntries(saved) as Settings["views"],
      };
    }
    return tell(kept);
  }
  if (mood === "error") return refuse(500);
  const drawn = map(way, mood);
  if (drawn !== undefined) return tell(drawn);
  if (way === "/view-choices") return tell({ areas: AREAS, sectors: SECTORS });
  if (way === "/overview/week") return tell({ days: lastDays() });
  if (way === "/backups/recovery")
    return tell({
      recovering: false,
      began_at: null,
      held: null,
      unconfirmed: null,
      begun_by: "",
      attention: "",
    });
  if (way === "/messages/read") {
    const { ids } = (await bodyOf(request)) as unknown as { ids: number[] | null };
    for (const id of ids ?? messages().map((row) => row.id)) read.add(id);
    return tell(null, 204);
  }
  if (way === "/messages") {
    const all = messages();
    return tell({ items: all, next: null, unread: all.filter((row) => !row.read_at).length });
  }
  if (mood === "slow") await new Promise((done) => setTimeout(done, 60_000));
  if (way === "/overview") return tell(overview());
  if (way === "/enterprises") {
    const q = url.searchParams.get("q") ?? "";
    const state = url.searchParams.get("state") ?? "";
    return page(
      enterprises(mood).filter(
        (row) =>
          (row.name + row.code).includes(q) &&
          (!state || (state === "warning" ? row.worst_level !== null : row.presence === state)),
      ),
    );
  }
  if (way === "/gateways") return page(gateways(mood));
  if (/^\/gateways\/[^/]+\/figures$/.test(way))
    return tell({
      items: [
        {
          run: "9f2c",
          software: "fengsui 0.1.0",
          measured_at: new Date(Date.now() - 86_400_000).toISOString(),
          machine: { model: "AMD EPYC", cores: 2, ram_mb: 25_277, python: "3.11.7", load: 0.25 },
          figures: [
            { bench: "edge-poll", metric: "values_per_s_500", value: 500, unit: "1/s", baseline: 500 },
            { bench: "edge-memory", metric: "rss_mb", value: 59.7, unit: "MB", baseline: null },
            { bench: "edge-poll", metric: "lost_rows", value: 0, unit: "rows", baseline: null },
          ],
        },
      ],
    });
  if (way === "/points") {
    const enterprise = url.searchParams.get("enterprise_id");
    const gateway = url.searchParams.get("gateway_id");
    const id = enterprise
      ? Number(enterprise)
      : (gateways(mood).find((row) => row.id === gateway)?.enterprise_id ?? 1);
    return page(points(mood, id));
  }
  const trended = /^\/points\/(\d+)\/trend$/.exec(way);
  if (trended)
    return tell(
      trend(
        Number(trended[1]),
        Date.parse(url.searchParams.get("from") ?? ""),
        Date.parse(url.searchParams.get("to") ?? ""),
        Number(url.searchParams.get("buckets") ?? 120),
        mood,
      ),
    );
  const plant = /^\/enterprises\/(\d+)$/.exec(way);
  if (plant) {
    const row = enterprises(mood).find((each) => String(each.id) === plant[1]);
    if (!row) return refuse(404);
    return tell({
      ...row,
      supervision: [
        { rank: 2, name: row.agency_name },
        { rank: 3, name: "临江县应急管理局" },
        { rank: 4, name: "云泽市应急管理局" },
      ],
      gateways: gateways(mood).filter((each) => each.enterprise_id === row.id),
    });
  }
  if (way === "/warnings") {
    const state = inState[url.searchParams.get("state") ?? "all"] ?? (() => true);
    const level = url.searchParams.get("level");
    const enterprise = url.searchParams.get("enterprise_id");
    return page(
      warnings(mood).filter(
        (row) =>
          state(row) &&
          (!level || row.level === level) &&
          (!enterprise || String(row.enterprise_id) === enterprise),
      ),
    );
  }
  if (way === "/warnings/suppressed") return tell({ items: [] });
  if (way === "/warnings/colleagues")
    return tell({
      items: [
        { id: 1, name: "周海宁", on_call: true },
        { id: 2, name: "郑安", on_call: false },
      ],
    });
  if (/^\/warnings\/[^/]+\/similar$/.test(way)) {
    const items = warnings(mood)
      .slice(-2)
      .map((row) => ({
        ...row,
        same: true,
        cause: "阀门或法兰松动",
        measures: "更换垫片",
        false_reason: null,
      }));
    return tell({ items, month: 1, year: 3 });
  }
  if (/^\/dictionaries\/.+-cause$/.test(way))
    return tell({
      items: [
        { code: "leak", zh: "设备泄漏", en: "equipment leak" },
        { code: "flange", zh: "阀门或法兰松动", en: "loose valve or flange" },
        { code: "instrument", zh: "仪表故障", en: "instrument fault" },
        { code: "other", zh: "其他", en: "other" },
      ],
    });
  const one = /^\/warnings\/([^/]+)(?:\/(.+))?$/.exec(way);
  if (one) {
    const [, id = "", action] = one;
    const row = warnings(mood).find((each) => each.id === id);
    if (!row) return refuse(404);
    if (action && method === "POST") {
      const body = await bodyOf(request);
      if (request.headers["if-match"] !== row.etag) return refuse(412, "这条预警刚刚发生了变化");
      if (action === "acknowledge")
        change(id, {
          state: "acknowledged",
          acknowledged_by: "县应急管理局 顾长河",
          acknowledged_at: new Date().toISOString(),
        });
      if (action === "handle")
        change(id, { state: "handled", cause: body.cause ?? "", measures: body.measures ?? "" });
      if (action === "false-alarm") change(id, { state: "false_alarm" });
      if (action === "close") change(id, { state: "closed" });
    }
    const fresh = warnings(mood).find((each) => each.id === id) ?? row;
    return tell(fresh, 200, { etag: fresh.etag });
  }
  if (/^\/gateways\/[^/]+\/commands$/.test(way))
    return tell({ id: "1", gateway_id: "gw", result: "done", detail: "", at: new Date().toISOString() });
  return refuse(404);
}

export function fixture(): Plugin {
  return {
    name: "fengsui-fixture",
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        const asked = /^\/fixture\/(\w+)/.exec(request.url ?? "");
        if (asked?.[1] === "meddle") {
          change(warnings("leak")[0]?.id ?? "", {
            state: "acknowledged",
            acknowledged_by: "青石镇应急办 林巧云",
            step: 2,
          });
          response.end("ok");
        } else if (asked) {
          mood = asked[1] as Mood;
          response.end("ok");
        } else if (request.url?.startsWith("/api/")) {
          answer(request, response).catch(next);
        } else next();
      });
    },
  };
}
