// Every question the pages ask the centre, under one key each; the live stream renews them by these keys.

import { infiniteQueryOptions, keepPreviousData, type QueryKey, queryOptions } from "@tanstack/react-query";
import { noteNewest } from "../live/latest.ts";
import { streamIsUp } from "../live/stream.ts";
import { get, getWide, Problem, send, withQuery } from "./client.ts";
import type { Filter } from "./list.ts";
import type {
  CodeRow,
  ConfigurationList,
  ConfigurationText,
  DescribedAlarm,
  EnterpriseDetail,
  EnterpriseRow,
  FiguresRow,
  GatewayRow,
  GatewayTrust,
  Me,
  Overview,
  Page,
  PointRow,
  TrendData,
  WarningDetail,
  WarningRow,
} from "./types.ts";

const ROOT = "/api/v1";

/** With the stream up a slow look suffices; without it the pages ask every ten seconds. */
const poll = (slowMs: number) => () => (streamIsUp() ? slowMs : 10_000);

/** Who is signed in; null when nobody is. */
export const session = queryOptions({
  queryKey: ["session"],
  queryFn: async ({ signal }): Promise<Me | null> => {
    try {
      return await get<Me>(`${ROOT}/session`, signal);
    } catch (error) {
      if (error instanceof Problem && error.status === 401) return null;
      throw error;
    }
  },
  staleTime: 60_000,
});

export const overview = queryOptions({
  queryKey: ["overview"],
  queryFn: ({ signal }) => get<Overview>(`${ROOT}/overview`, signal),
  refetchInterval: poll(30_000),
});

/** The same of everything that one may see, while the pages are narrowed to a part of it. */
export const overviewWide = queryOptions({
  queryKey: ["overview", "wide"],
  queryFn: ({ signal }) => getWide<Overview>(`${ROOT}/overview`, signal),
  refetchInterval: poll(30_000),
});

export interface EnterpriseFilter {
  q?: string;
  state?: string;
}

export const enterprises = (filter: EnterpriseFilter, limit = 50) =>
  infiniteQueryOptions({
    queryKey: ["enterprises", filter, limit] as QueryKey,
    queryFn: async ({ signal, pageParam }) => {
      const page = await get<Page<EnterpriseRow>>(
        withQuery(`${ROOT}/enterprises`, { ...filter, limit, cursor: pageParam }),
        signal,
      );
      for (const row of page.items) noteNewest(row.newest_at);
      return page;
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    refetchInterval: poll(60_000),
    placeholderData: keepPreviousData,
  });

export const enterprise = (id: string) =>
  queryOptions({
    queryKey: ["enterprise", id],
    queryFn: ({ signal }) => get<EnterpriseDetail>(`${ROOT}/enterprises/${id}`, signal),
    refetchInterval: poll(60_000),
  });

/** All gateways of the jurisdiction at once: their order is by urgency, which no page of them alone could have. */
async function everyGateway(presence: string, signal: AbortSignal): Promise<GatewayRow[]> {
  const rows: GatewayRow[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<GatewayRow> = await get(
      withQuery(`${ROOT}/gateways`, { presence, limit: 200, cursor }),
      signal,
    );
    rows.push(...page.items);
    cursor = page.next;
  } while (cursor && rows.length < 2_000);
  return rows;
}

export const gatewayList = (filter: Filter) =>
  infiniteQueryOptions({
    queryKey: ["gateways", filter.state ?? ""] as QueryKey,
    queryFn: async ({ signal }): Promise<Page<GatewayRow>> => ({
      items: await everyGateway(filter.state ?? "", signal),
      next: null,
    }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    refetchInterval: poll(10_000),
    placeholderData: keepPreviousData,
  });

/** What a gateway measured of its own box, the newest of each version. */
export const configurations = (gateway: string) =>
  queryOptions({
    queryKey: ["configurations", gateway],
    queryFn: ({ signal }) => get<ConfigurationList>(`${ROOT}/gateways/${gateway}/configurations`, signal),
  });

export const configurationText = (gateway: string, version: number) =>
  queryOptions({
    queryKey: ["configurations", gateway, version],
    queryFn: ({ signal }) =>
      get<ConfigurationText>(`${ROOT}/gateways/${gateway}/configurations/${version}`, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });

export const configurationDifference = (gateway: string, version: number, before: number) =>
  queryOptions({
    queryKey: ["configurations", gateway, version, before],
    queryFn: ({ signal }) =>
      get<{ lines: string[] }>(
        withQuery(`${ROOT}/gateways/${gateway}/configurations/${version}/difference`, { before }),
        signal,
      ),
    staleTime: Number.POSITIVE_INFINITY,
  });

export const figures = (gateway: string) =>
  queryOptions({
    queryKey: ["figures", gateway],
    queryFn: ({ signal }) => get<{ items: FiguresRow[] }>(`${ROOT}/gateways/${gateway}/figures`, signal),
  });

/** A gateway's certificates, and whether it is let in. */
export const gatewayTrust = (gateway: string) =>
  queryOptions({
    queryKey: ["trust", gateway],
    queryFn: ({ signal }) => get<GatewayTrust>(`${ROOT}/gateways/${gateway}/trust`, signal),
  });

/** One-time codes of enrolment, newest first. */
export const enrolmentCodes = queryOptions({
  queryKey: ["codes"],
  queryFn: async ({ signal }) =>
    (await get<Page<CodeRow>>(withQuery(`${ROOT}/enrolment/codes`, { limit: 20 }), signal)).items,
  refetchInterval: poll(15_000),
});

export interface PointFilter {
  enterprise_id?: number | string;
  gateway_id?: string;
}

export const points = (filter: PointFilter) =>
  queryOptions({
    queryKey: ["points", filter],
    queryFn: ({ signal }) =>
      get<Page<PointRow>>(withQuery(`${ROOT}/points`, { ...filter, limit: 200 }), signal),
    refetchInterval: poll(30_000),
  });

export const point = (id: number | string) =>
  queryOptions({
    queryKey: ["points", "one", String(id)],
    queryFn: ({ signal }) => get<PointRow>(`${ROOT}/points/${id}`, signal),
    refetchInterval: poll(30_000),
  });

/** Every alarm of a point, those at rest too. */
export const pointAlarms = (id: number) =>
  queryOptions({
    queryKey: ["points", "alarms", id],
    queryFn: async ({ signal }) =>
      (await get<Page<DescribedAlarm>>(`${ROOT}/points/${id}/alarms`, signal)).items,
    refetchInterval: poll(15_000),
  });

/** The trend of a point; `from` and `to` are RFC 3339. */
export const trend = (
  pointId: number,
  from: string,
  to: string,
  buckets: number,
  refreshMs: number | false,
) =>
  queryOptions({
    queryKey: ["trend", pointId, from, to, buckets],
    queryFn: ({ signal }) =>
      get<TrendData>(withQuery(`${ROOT}/points/${pointId}/trend`, { from, to, buckets }), signal),
    refetchInterval: refreshMs,
    placeholderData: keepPreviousData,
    staleTime: 5_000,
  });

/** What is held back as a false alarm. */
export const suppressed = queryOptions({
  queryKey: ["warnings", "suppressed"],
  queryFn: ({ signal }) => get<{ items: WarningRow[] }>(`${ROOT}/warnings/suppressed`, signal),
  staleTime: 30_000,
});

/** The same as the pages of a list. */
export const suppressedList = infiniteQueryOptions({
  queryKey: ["warnings", "suppressed", "list"] as QueryKey,
  queryFn: async ({ signal }): Promise<Page<WarningRow>> => ({
    items: (await get<{ items: WarningRow[] }>(`${ROOT}/warnings/suppressed`, signal)).items,
    next: null,
  }),
  initialPageParam: null as string | null,
  getNextPageParam: (page) => page.next,
});

export interface WarningFilter {
  state?: string;
  sort?: string;
  level?: string;
  enterprise_id?: string | number;
  kind?: string;
  since?: string;
  until?: string;
  q?: string;
  mine?: string;
  folded?: string;
}

export const warnings = (filter: WarningFilter, limit = 30, ask = get) =>
  infiniteQueryOptions({
    queryKey: (ask === get ? ["warnings", filter, limit] : ["warnings", "wide", filter, limit]) as QueryKey,
    queryFn: ({ signal, pageParam }) =>
      ask<Page<WarningRow>>(withQuery(`${ROOT}/warnings`, { ...filter, limit, cursor: pageParam }), signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    refetchInterval: poll(30_000),
    placeholderData: keepPreviousData,
  });

export const warning = (id: string) =>
  queryOptions({
    queryKey: ["warning", id],
    queryFn: async ({ signal }): Promise<WarningDetail> => {
      const answer = await send<WarningDetail>("GET", `${ROOT}/warnings/${id}`, { signal });
      return { ...answer.data, etag: answer.etag ?? answer.data.etag };
    },
    refetchInterval: poll(20_000),
  });
