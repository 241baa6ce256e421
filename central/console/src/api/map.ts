// The map: what stands in a window, layers, areas and their standing, the ground. Degrees are WGS-84 here.

import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { streamIsUp } from "../live/stream.ts";
import { get, withQuery } from "./client.ts";
import type { ByLevel, Level, Presence } from "./words.ts";

const ROOT = "/api/v1/map";
const poll = (slowMs: number) => () => (streamIsUp() ? slowMs : 10_000);

export type Extent = [west: number, south: number, east: number, north: number];

export interface MapItem {
  family: "enterprise" | "gateway" | "record";
  layer: string;
  /** "" for a cluster. */
  id: string;
  name: string;
  longitude: number;
  latitude: number;
  count: number;
  level: Level | null;
  troubled: number;
  open: number;
  unanswered: number;
  offline: number;
  presence: Presence | null;
  hazard_class: number | null;
  enterprise_id: number | null;
  /** Of a single enterprise, when not too many are shown. */
  points: number | null;
  bad_points: number | null;
  extent: number[] | null;
}

export interface MapLayer {
  layer: string;
  title: string;
  title_en: string;
  group: string;
  group_title: string;
  count: number;
}

export interface Near {
  layer: string;
  id: string;
  name: string;
  longitude: number;
  latitude: number;
  distance_m: number;
  hazard_class: number | null;
  level: Level | null;
  open: number;
}

export interface NearLayer {
  layer: string;
  title: string;
  title_en: string;
  count: number;
}

export interface Nearby {
  items: Near[];
  layers: NearLayer[];
  radius_m: number;
}

export interface AreaStanding {
  code: string;
  name: string;
  kind: "region" | "park";
  enterprises: number;
  hazards: number;
  grave: number;
  with_open: number;
  open_by_level: ByLevel;
  unanswered: number;
  raised_today: number;
  raised_answered: number;
  handled_today: number;
  offline: number;
  longitude: number | null;
  latitude: number | null;
  deeper: boolean;
}

export interface Areas {
  way: [code: string, name: string][];
  areas: AreaStanding[];
  at: string;
}

export interface StandingReason {
  id: string;
  level: Level;
  title: string;
  state: string;
  raised_at: string;
}

export interface EnterpriseStanding {
  id: number;
  name: string;
  region_name: string;
  hazard_class: number | null;
  level: Level | null;
  open: number;
  unanswered: number;
  offline: boolean;
  longitude: number | null;
  latitude: number | null;
  reasons: StandingReason[];
}

export interface HeatSpot {
  longitude: number;
  latitude: number;
  weight: number;
}

export interface Shape {
  kind: string;
  region: string;
  name: string;
  geometry: { type: string; coordinates: unknown };
}

export type Datum = "wgs84" | "cgcs2000" | "gcj02";

export interface Ground {
  tiles: string[];
  datum: Datum;
  max_zoom: number;
  attribution: string;
  extent: number[] | null;
  shapes: Shape[];
}

export interface Window {
  bbox: Extent;
  zoom: number;
}

export const mapObjects = (shown: Window | null, layers: readonly string[], state: string) => {
  const bbox = shown?.bbox.map((degrees) => degrees.toFixed(4)).join(",") ?? "";
  const zoom = Math.floor(shown?.zoom ?? 0);
  return queryOptions({
    queryKey: ["map", "objects", bbox, zoom, layers.join(","), state],
    queryFn: ({ signal }) =>
      get<{ items: MapItem[]; total: number; at: string }>(
        withQuery(`${ROOT}/objects`, { bbox, zoom, layers: layers.join(","), state }),
        signal,
      ),
    enabled: shown !== null && layers.length > 0,
    refetchInterval: poll(30_000),
    placeholderData: keepPreviousData,
  });
};

export const mapLayers = queryOptions({
  queryKey: ["map-layers"],
  queryFn: ({ signal }) => get<{ layers: MapLayer[]; unplaced: number }>(`${ROOT}/layers`, signal),
  staleTime: 60_000,
});

export const mapGround = queryOptions({
  queryKey: ["map-ground"],
  queryFn: ({ signal }) => get<Ground>(`${ROOT}/ground`, signal),
  staleTime: 600_000,
});

export const mapAreas = (within: string) =>
  queryOptions({
    queryKey: ["map", "areas", within],
    queryFn: ({ signal }) => get<Areas>(withQuery(`${ROOT}/areas`, { within }), signal),
    refetchInterval: poll(60_000),
    placeholderData: keepPreviousData,
  });

export const mapStanding = (within: string, limit = 20) =>
  queryOptions({
    queryKey: ["map", "standing", within, limit],
    queryFn: ({ signal }) =>
      get<{ items: EnterpriseStanding[] }>(withQuery(`${ROOT}/standing`, { within, limit }), signal),
    refetchInterval: poll(60_000),
    placeholderData: keepPreviousData,
  });

export const mapHeat = (days: number) =>
  queryOptions({
    queryKey: ["map", "heat", days],
    queryFn: ({ signal }) =>
      get<{ items: HeatSpot[]; days: number }>(withQuery(`${ROOT}/heat`, { days }), signal),
    refetchInterval: poll(120_000),
    placeholderData: keepPreviousData,
  });

export interface FoundOnMap {
  layer: string;
  title: string;
  title_en: string;
  id: string;
  name: string;
  longitude: number;
  latitude: number;
}

export const mapSearch = (q: string) =>
  queryOptions({
    queryKey: ["map", "search", q],
    queryFn: ({ signal }) => get<{ items: FoundOnMap[] }>(withQuery(`${ROOT}/search`, { q }), signal),
    enabled: q.trim() !== "",
    placeholderData: keepPreviousData,
  });

export const mapNearby = (longitude: number, latitude: number, radius: number) =>
  queryOptions({
    queryKey: ["map", "nearby", longitude, latitude, radius],
    queryFn: ({ signal }) =>
      get<Nearby>(withQuery(`${ROOT}/nearby`, { longitude, latitude, radius_m: radius }), signal),
    placeholderData: keepPreviousData,
  });
