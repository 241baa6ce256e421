// How the ground is drawn: the customer's tiles where there are some, shapes otherwise; quiet greys, two themes.

import type { FeatureCollection, Geometry } from "geojson";
import type { StyleSpecification } from "maplibre-gl";
import type { Ground } from "../api/map.ts";
import { type Position, shownShape } from "./datum.ts";

export type Theme = "light" | "dark";

interface Ink {
  sea: string;
  land: string;
  water: string;
  road: string;
  park: string;
  line: string;
  edge: string;
}

const INKS: Record<Theme, Ink> = {
  light: {
    sea: "#e9edee",
    land: "#fbfcfc",
    water: "#d3dee1",
    road: "#d9dedf",
    park: "#e6ebe9",
    line: "#c3ccd0",
    edge: "#7d8a90",
  },
  dark: {
    sea: "#0b1417",
    land: "#142126",
    water: "#0d2a33",
    road: "#24353b",
    park: "#182a2c",
    line: "#35484f",
    edge: "#6f868e",
  },
};

/** Colours of the four levels, as the style sheet has them: for areas that are filled by their worst level. */
export const LEVEL_INK = { red: "#c4161c", orange: "#e8720c", yellow: "#f6c700", blue: "#1b66c9" } as const;

const SUBDOMAINS = ["0", "1", "2", "3", "4", "5", "6", "7"];

/** Addresses of one tile layer: {s} becomes the eight hosts of it. */
export function addresses(tiles: string): string[] {
  const whole = tiles.startsWith("/") ? window.location.origin + tiles : tiles;
  return whole.includes("{s}") ? SUBDOMAINS.map((host) => whole.replaceAll("{s}", host)) : [whole];
}

export function styleOf(ground: Ground, theme: Theme): StyleSpecification {
  const ink = INKS[theme];
  const tiled = ground.tiles.length > 0;
  return {
    version: 8,
    sources: {
      shapes: { type: "geojson", data: shapesOf(ground) },
      areas: { type: "geojson", data: nothing() },
      heat: { type: "geojson", data: nothing() },
      circle: { type: "geojson", data: nothing() },
      measure: { type: "geojson", data: nothing() },
      ...Object.fromEntries(
        ground.tiles.map((tiles, place) => [
          `tiles-${place}`,
          {
            type: "raster" as const,
            tiles: addresses(tiles),
            tileSize: 256,
            maxzoom: ground.max_zoom,
            attribution: ground.attribution,
          },
        ]),
      ),
    },
    layers: [
      { id: "sea", type: "background", paint: { "background-color": ink.sea } },
      ...(tiled
        ? []
        : ([
            {
              id: "land",
              type: "fill",
              source: "shapes",
              filter: ["==", ["get", "kind"], "region"],
              paint: { "fill-color": ink.land },
            },
            {
              id: "park",
              type: "fill",
              source: "shapes",
              filter: ["==", ["get", "kind"], "park"],
              paint: { "fill-color": ink.park },
            },
            {
              id: "water",
              type: "fill",
              source: "shapes",
              filter: ["==", ["get", "kind"], "water"],
              paint: { "fill-color": ink.water },
            },
            {
              id: "road",
              type: "line",
              source: "shapes",
              filter: ["in", ["get", "kind"], ["literal", ["road", "railway"]]],
              paint: {
                "line-color": ink.road,
                "line-width": ["interpolate", ["linear"], ["zoom"], 8, 1, 14, 6],
              },
            },
          ] as StyleSpecification["layers"])),
      ...ground.tiles.map((_, place) => ({
        id: `tiles-${place}`,
        type: "raster" as const,
        source: `tiles-${place}`,
        // The wall is dark and tiles are not.
        paint: theme === "dark" ? { "raster-brightness-max": 0.42, "raster-saturation": -0.6 } : {},
      })),
      {
        id: "areas",
        type: "fill",
        source: "areas",
        paint: {
          "fill-color": ["get", "ink"],
          "fill-opacity": theme === "dark" ? 0.2 : 0.24,
        },
      },
      {
        id: "lines",
        type: "line",
        source: "shapes",
        filter: ["==", ["get", "kind"], "region"],
        paint: {
          "line-color": ["case", ["get", "outer"], ink.edge, ink.line],
          "line-width": ["case", ["get", "outer"], 1.8, 1],
        },
      },
      {
        id: "heat",
        type: "heatmap",
        source: "heat",
        paint: {
          "heatmap-weight": ["min", 1, ["/", ["get", "weight"], 24]],
          "heatmap-intensity": ["interpolate", ["linear"], ["zoom"], 7, 0.8, 13, 2.2],
          "heatmap-radius": ["interpolate", ["linear"], ["zoom"], 7, 22, 13, 64],
          // Density is not a level: shades of one ink, none of the four colours.
          "heatmap-color": [
            "interpolate",
            ["linear"],
            ["heatmap-density"],
            0,
            "rgba(74,32,88,0)",
            0.2,
            "rgba(112,66,126,0.28)",
            0.5,
            "rgba(92,44,106,0.5)",
            1,
            "rgba(60,18,74,0.8)",
          ],
        },
      },
      {
        id: "circle",
        type: "line",
        source: "circle",
        paint: {
          "line-color": theme === "dark" ? "#d7e2e5" : "#23565a",
          "line-width": 1.6,
          "line-dasharray": [3, 2],
        },
      },
      {
        id: "measure",
        type: "line",
        source: "measure",
        paint: { "line-color": theme === "dark" ? "#d7e2e5" : "#1c2629", "line-width": 2 },
      },
    ],
  };
}

export function nothing(): FeatureCollection {
  return { type: "FeatureCollection", features: [] };
}

function shapesOf(ground: Ground): FeatureCollection {
  const regions = ground.shapes.filter((shape) => shape.kind === "region");
  const shortest = Math.min(...regions.map((shape) => shape.region.length));
  const deepest = Math.max(...regions.map((shape) => shape.region.length));
  return {
    type: "FeatureCollection",
    features: ground.shapes.map((shape) => ({
      type: "Feature" as const,
      properties: {
        kind: shape.kind,
        region: shape.region,
        outer: shape.kind === "region" && deepest > shortest && shape.region.length < deepest,
      },
      geometry: {
        type: shape.geometry.type,
        coordinates: shownShape(ground.datum, shape.geometry.coordinates),
      } as Geometry,
    })),
  };
}

/** The middle of the largest ring of a shape: where its name stands. */
export function middleOf(geometry: { type: string; coordinates: unknown }): Position | null {
  const polygons = (
    geometry.type === "MultiPolygon" ? geometry.coordinates : [geometry.coordinates]
  ) as Position[][][];
  let best: Position | null = null;
  let most = 0;
  for (const polygon of polygons) {
    const ring = polygon[0] ?? [];
    let twice = 0;
    let x = 0;
    let y = 0;
    for (let place = 0; place + 1 < ring.length; place += 1) {
      const [a, b] = ring[place] as Position;
      const [c, d] = ring[place + 1] as Position;
      const cross = a * d - c * b;
      twice += cross;
      x += (a + c) * cross;
      y += (b + d) * cross;
    }
    if (Math.abs(twice) > most) {
      most = Math.abs(twice);
      best = [x / (3 * twice), y / (3 * twice)];
    }
  }
  return best;
}

const METRES_PER_DEGREE = 111_195;

/** A circle of metres around a place, as a ring. */
export function ring([east, north]: Position, radius: number): Position[] {
  return Array.from({ length: 73 }, (_, step): Position => {
    const angle = (step / 72) * 2 * Math.PI;
    const up = (radius / METRES_PER_DEGREE) * Math.sin(angle);
    const across = ((radius / METRES_PER_DEGREE) * Math.cos(angle)) / Math.cos((north / 180) * Math.PI);
    return [east + across, north + up];
  });
}
