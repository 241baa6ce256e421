// The map itself (MapLibre GL): loaded when a map is first seen; knows nothing of pages and questions.

import type { Feature, FeatureCollection, Geometry } from "geojson";
import { type GeoJSONSource, Map as GroundMap, Marker, ScaleControl, setWorkerUrl } from "maplibre-gl";
import "maplibre-gl/dist/maplibre-gl.css";
import workerAddress from "maplibre-gl/dist/maplibre-gl-worker.mjs?url";
import type { AreaStanding, Extent, Ground, HeatSpot, MapItem, Window } from "../api/map.ts";
import type { Level } from "../api/words.ts";
import type { Catalogue } from "../locales/index.tsx";
import { type Position, shown, shownShape, stored } from "./datum.ts";
import type { Spot } from "./MapView.tsx";
import { keyOf, lookOf, signOf } from "./signs.ts";
import { LEVEL_INK, middleOf, nothing, ring, styleOf, type Theme } from "./style.ts";

setWorkerUrl(workerAddress);

interface Acts {
  moved: (window: Window) => void;
  chosen: (item: MapItem) => void;
  pointed: (spot: Spot) => void;
}

export interface Stage {
  show: (items: readonly MapItem[], text: Catalogue, titleOf: (layer: string) => string) => void;
  mark: (enterprise: number | null) => void;
  /** Whether signs are places like any other: while one measures or picks. */
  pointing: (on: boolean) => void;
  go: (focus: Extent | Spot) => void;
  home: () => void;
  zoom: (by: number) => void;
  circle: (circle: (Spot & { radius: number }) | null) => void;
  line: (line: readonly Spot[]) => void;
  areas: (
    areas: readonly AreaStanding[],
    worst: (area: AreaStanding) => Level | null,
    text: Catalogue,
  ) => void;
  heat: (heat: readonly HeatSpot[]) => void;
  close: () => void;
}

/** China, for whoever has nothing on the map yet. */
const EVERYWHERE: Extent = [97, 21, 123, 44];
const DEEPEST = 18;
const MOST_NAMES = 40;
const PIN =
  '<svg width="26" height="34" viewBox="0 0 26 34" aria-hidden="true"><path d="M13 33C4 22 2 18 2 13a11 11 0 0 1 22 0c0 5-2 9-11 20z"/><circle cx="13" cy="13" r="4.5"/></svg>';

function startOf(ground: Ground): Extent {
  const regions = ground.shapes.filter((shape) => shape.kind === "region");
  const longest = Math.max(0, ...regions.map((shape) => shape.region.length));
  const points: Position[] = [];
  const gather = (part: unknown): void => {
    if (!Array.isArray(part)) return;
    if (typeof part[0] === "number") points.push([part[0], part[1] as number]);
    else for (const each of part) gather(each);
  };
  for (const shape of regions) if (shape.region.length === longest) gather(shape.geometry.coordinates);
  if (points.length === 0) return (ground.extent as Extent | null) ?? EVERYWHERE;
  const all = points.reduce<Extent>(
    ([west, south, east, north], [x, y]) => [
      Math.min(west, x),
      Math.min(south, y),
      Math.max(east, x),
      Math.max(north, y),
    ],
    [180, 90, -180, -90],
  );
  // Where only far regions have shapes, what stands on the map says where to begin.
  const own = ground.extent;
  return own && ((own[2] as number) < all[0] || (own[0] as number) > all[2]) ? (own as Extent) : all;
}

/** Length of the codes whose names are written: the deepest level that leaves the map readable. */
function namedLevel(ground: Ground): number {
  const lengths = ground.shapes
    .filter((shape) => shape.kind === "region")
    .map((shape) => shape.region.length);
  const levels = [...new Set(lengths)].sort((a, b) => b - a);
  const many = (level: number) => lengths.filter((length) => length === level).length;
  return levels.find((level) => many(level) <= MOST_NAMES) ?? 0;
}

export function openStage(
  place: HTMLElement,
  ground: Ground,
  theme: Theme,
  still: boolean,
  acts: Acts,
): Stage {
  // Asked first: MapLibre itself would tell the console, and nobody reads that.
  if (!document.createElement("canvas").getContext("webgl2")) throw new Error("this browser has no WebGL");
  const { datum } = ground;
  const drawn = (spot: Spot): Position => shown(datum, [spot.longitude, spot.latitude]);
  const frame = ([west, south, east, north]: Extent): [Position, Position] => [
    shown(datum, [west, south]),
    shown(datum, [east, north]),
  ];
  const start = startOf(ground);
  const map = new GroundMap({
    container: place,
    style: styleOf(ground, theme),
    bounds: frame(start),
    fitBoundsOptions: { padding: still ? 36 : 48 },
    maxZoom: DEEPEST,
    attributionControl: ground.attribution ? { compact: false } : false,
    interactive: !still,
    dragRotate: false,
    pitchWithRotate: false,
    fadeDuration: 0,
  });
  map.touchZoomRotate?.disableRotation();
  if (!still) map.addControl(new ScaleControl({ unit: "metric" }), "bottom-left");

  const tell = () => {
    const bounds = map.getBounds();
    const [west, south] = stored(datum, [bounds.getWest(), bounds.getSouth()]);
    const [east, north] = stored(datum, [bounds.getEast(), bounds.getNorth()]);
    const within = (value: number, most: number) => Math.min(most, Math.max(-most, value));
    acts.moved({
      bbox: [within(west, 180), within(south, 85), within(east, 180), within(north, 85)],
      zoom: map.getZoom(),
    });
  };
  map.on("moveend", tell);
  map.on("click", (event) => {
    const [longitude, latitude] = stored(datum, [event.lngLat.lng, event.lngLat.lat]);
    acts.pointed({ longitude, latitude });
  });
  const resized = new ResizeObserver(() => map.resize());
  resized.observe(place);

  const names: Marker[] = [];
  const named = namedLevel(ground);
  for (const shape of ground.shapes) {
    if (ground.tiles.length > 0 || !shape.name) continue;
    if (shape.kind === "region" && shape.region.length !== named) continue;
    if (shape.kind !== "region" && shape.kind !== "water") continue;
    const middle = middleOf(shape.geometry);
    if (!middle) continue;
    const element = document.createElement("span");
    element.className = `map-name map-name-${shape.kind}`;
    element.textContent = shape.name;
    names.push(new Marker({ element }).setLngLat(shown(datum, middle)).addTo(map));
  }

  // A style that is still loading takes no data: what comes early waits for it, the last of each kind.
  const waiting = new Map<string, FeatureCollection>();
  const put = (source: string, data: FeatureCollection) => {
    const found = map.getSource(source);
    if (found) (found as GeoJSONSource).setData(data);
    else waiting.set(source, data);
  };
  map.on("load", () => {
    for (const [source, data] of waiting) put(source, data);
    waiting.clear();
    tell();
  });
  // The first question need not wait for the ground to be drawn.
  tell();

  const signs = new Map<string, { marker: Marker; look: string; item: MapItem }>();
  const areaNames: Marker[] = [];
  let pointing = false;
  let pin: Marker | null = null;

  return {
    show(items, text, titleOf) {
      const kept = new Set<string>();
      for (const item of items) {
        const key = keyOf(item);
        const look = lookOf(item);
        kept.add(key);
        const known = signs.get(key);
        if (known && known.look === look) {
          known.marker.setLngLat(drawn(item));
          continue;
        }
        known?.marker.remove();
        const element = signOf(item, text, titleOf);
        element.tabIndex = still ? -1 : 0;
        element.addEventListener("click", (event) => {
          event.stopPropagation();
          if (still) return;
          if (pointing) {
            acts.pointed({ longitude: item.longitude, latitude: item.latitude });
            return;
          }
          const far = item.extent && (item.extent[2] as number) - (item.extent[0] as number) > 0.000_2;
          if (item.count > 1 && item.extent && far && map.getZoom() < DEEPEST - 1)
            map.fitBounds(frame(item.extent as Extent), { padding: 90, maxZoom: DEEPEST - 1 });
          else acts.chosen(item);
        });
        const offset: [number, number] =
          item.family === "gateway" ? [20, 16] : item.family === "record" ? [-14, 12] : [0, 0];
        const marker = new Marker({ element, offset }).setLngLat(drawn(item)).addTo(map);
        signs.set(key, { marker, look, item });
      }
      for (const [key, sign] of signs)
        if (!kept.has(key)) {
          sign.marker.remove();
          signs.delete(key);
        }
    },
    pointing(on) {
      pointing = on;
    },
    mark(enterprise) {
      for (const { marker, item } of signs.values())
        marker
          .getElement()
          .classList.toggle(
            "map-chosen",
            enterprise !== null && item.count === 1 && item.enterprise_id === enterprise,
          );
    },
    go(focus) {
      if (Array.isArray(focus)) map.fitBounds(frame(focus), { padding: 60, maxZoom: 15 });
      else map.easeTo({ center: drawn(focus), zoom: Math.max(map.getZoom(), 13.5) });
    },
    home() {
      map.fitBounds(frame(start), { padding: 48 });
    },
    zoom(by) {
      map.easeTo({ zoom: map.getZoom() + by });
    },
    circle(circle) {
      pin?.remove();
      pin = null;
      if (circle) {
        const element = document.createElement("span");
        element.className = "map-pin";
        element.innerHTML = PIN;
        pin = new Marker({ element, anchor: "bottom" }).setLngLat(drawn(circle)).addTo(map);
      }
      put(
        "circle",
        circle
          ? feature(
              "LineString",
              ring([circle.longitude, circle.latitude], circle.radius).map((p) => shown(datum, p)),
            )
          : nothing(),
      );
    },
    line(line) {
      put("measure", line.length > 1 ? feature("LineString", line.map(drawn)) : nothing());
    },
    areas(areas, worst, text) {
      for (const marker of areaNames.splice(0)) marker.remove();
      const shapes = new Map(ground.shapes.map((shape) => [shape.region, shape]));
      const features: Feature[] = [];
      for (const area of areas) {
        const level = worst(area);
        const shape = shapes.get(area.code);
        if (shape && level)
          features.push({
            type: "Feature",
            properties: { ink: LEVEL_INK[level] },
            geometry: {
              type: shape.geometry.type,
              coordinates: shownShape(datum, shape.geometry.coordinates),
            } as Geometry,
          });
        if (shape || area.longitude === null || area.latitude === null) continue;
        const element = document.createElement("span");
        element.className = "map-name map-name-region";
        element.textContent = area.name;
        element.title = text.map.areaWords(area.enterprises, area.with_open);
        areaNames.push(
          new Marker({ element, offset: [0, -34] })
            .setLngLat(drawn({ longitude: area.longitude, latitude: area.latitude }))
            .addTo(map),
        );
      }
      put("areas", { type: "FeatureCollection", features });
    },
    heat(heat) {
      put("heat", {
        type: "FeatureCollection",
        features: heat.map((spot) => ({
          type: "Feature",
          properties: { weight: spot.weight },
          geometry: { type: "Point", coordinates: drawn(spot) },
        })),
      });
    },
    close() {
      resized.disconnect();
      for (const { marker } of signs.values()) marker.remove();
      for (const marker of [...names, ...areaNames]) marker.remove();
      map.remove();
    },
  };
}

function feature(type: "LineString", coordinates: Position[]): FeatureCollection {
  return {
    type: "FeatureCollection",
    features: [{ type: "Feature", properties: {}, geometry: { type, coordinates } }],
  };
}
