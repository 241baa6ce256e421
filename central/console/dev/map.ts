// The map of the made-up county: enterprises where they stand, three towns without shapes.

import type { Areas, Ground, MapItem, MapLayer } from "../src/api/map.ts";
import type { ByLevel } from "../src/api/types.ts";
import { enterprises, type Mood, warnings } from "./county.ts";

function items(mood: Mood): MapItem[] {
  return enterprises(mood).map((row) => ({
    family: "enterprise",
    layer: "enterprise",
    id: String(row.id),
    name: row.name,
    longitude: row.longitude ?? 0,
    latitude: row.latitude ?? 0,
    count: 1,
    level: row.worst_level,
    troubled: row.open_warnings ? 1 : 0,
    open: row.open_warnings,
    unanswered: row.open_warnings,
    offline: row.presence === "offline" ? 1 : 0,
    presence: row.presence,
    hazard_class: row.hazard_class,
    enterprise_id: row.id,
    points: row.points,
    bad_points: row.bad_points,
    extent: null,
  }));
}

function areas(mood: Mood): Areas {
  const rows = enterprises(mood);
  const towns = [...new Set(rows.map((row) => row.region_name))];
  return {
    way: [["429981", "临江县"]],
    at: new Date().toISOString(),
    areas: towns.map((name, place) => {
      const here = rows.filter((row) => row.region_name === name);
      const open = warnings(mood).filter((row) => row.region_name === name && row.state === "open");
      const by = (level: keyof ByLevel) => open.filter((row) => row.level === level).length;
      return {
        code: `42998110${place + 1}`,
        name,
        kind: "region",
        enterprises: here.length,
        hazards: here.length,
        grave: 0,
        with_open: here.filter((row) => row.worst_level).length,
        open_by_level: { red: by("red"), orange: by("orange"), yellow: by("yellow"), blue: by("blue") },
        unanswered: open.length,
        raised_today: open.length,
        raised_answered: 0,
        handled_today: 0,
        offline: here.filter((row) => row.presence === "offline").length,
        longitude: here[0]?.longitude ?? null,
        latitude: here[0]?.latitude ?? null,
        deeper: false,
      };
    }),
  };
}

/** What the centre answers below `/map`; undefined for what is no address of the map. */
export function map(way: string, mood: Mood): unknown {
  const all = items(mood);
  if (way === "/map/objects") return { items: all, total: all.length, at: new Date().toISOString() };
  if (way === "/map/areas") return areas(mood);
  if (way === "/map/heat") return { items: [], days: 0 };
  if (way === "/map/nearby") return { items: [], layers: [], radius_m: 1000 };
  if (way === "/map/standing") return { items: [] };
  if (way === "/map/layers") {
    const layer: MapLayer = {
      layer: "enterprise",
      title: "企业",
      title_en: "Enterprises",
      group: "watched",
      group_title: "监测对象",
      count: all.length,
    };
    return { layers: all.length ? [layer] : [], unplaced: 0 };
  }
  if (way === "/map/ground") {
    const ground: Ground = {
      tiles: [],
      datum: "wgs84",
      max_zoom: 18,
      attribution: "",
      extent: all.length ? [112.68, 30.26, 112.8, 30.34] : null,
      shapes: [],
    };
    return ground;
  }
  return undefined;
}
