// The one place where positions change their system: WGS-84 inside, the tile source's on the screen.
//
// CGCS2000 (天地图) differs from WGS-84 by centimetres. GCJ-02 is the shifted system of Chinese map services; no
// document of it is public: the formula is the one that all of them are found to agree with, to about a metre.

import type { Datum } from "../api/map.ts";

export type Position = [longitude: number, latitude: number];

const A = 6_378_245;
const EE = 0.006_693_421_622_965_943;

/** Outside of this window nothing is shifted. */
const inChina = ([east, north]: Position) =>
  east > 72.004 && east < 137.8347 && north > 0.8293 && north < 55.8271;

const wave = (x: number, a: number, b: number, c: number, one: number, two: number, three: number) =>
  ((a * Math.sin(one * x * Math.PI) + b * Math.sin(two * x * Math.PI) + c * Math.sin(three * x * Math.PI)) *
    2) /
  3;

function northShift(x: number, y: number): number {
  return (
    -100 +
    2 * x +
    3 * y +
    0.2 * y * y +
    0.1 * x * y +
    0.2 * Math.sqrt(Math.abs(x)) +
    wave(x, 20, 20, 0, 6, 2, 1) +
    wave(y, 20, 40, 0, 1, 1 / 3, 1) +
    wave(y, 160, 320, 0, 1 / 12, 1 / 30, 1)
  );
}

function eastShift(x: number, y: number): number {
  return (
    300 +
    x +
    2 * y +
    0.1 * x * x +
    0.1 * x * y +
    0.1 * Math.sqrt(Math.abs(x)) +
    wave(x, 20, 20, 0, 6, 2, 1) +
    wave(x, 20, 40, 0, 1, 1 / 3, 1) +
    wave(x, 150, 300, 0, 1 / 12, 1 / 30, 1)
  );
}

/** WGS-84 to GCJ-02. */
export function toGcj02(position: Position): Position {
  if (!inChina(position)) return position;
  const [east, north] = position;
  const radians = (north / 180) * Math.PI;
  const magic = 1 - EE * Math.sin(radians) ** 2;
  const dNorth =
    (northShift(east - 105, north - 35) * 180) / (((A * (1 - EE)) / (magic * Math.sqrt(magic))) * Math.PI);
  const dEast =
    (eastShift(east - 105, north - 35) * 180) / ((A / Math.sqrt(magic)) * Math.cos(radians) * Math.PI);
  return [east + dEast, north + dNorth];
}

/** GCJ-02 to WGS-84: the shift changes slowly, so that a few steps find where it came from. */
export function fromGcj02(position: Position): Position {
  if (!inChina(position)) return position;
  let guess: Position = position;
  for (let step = 0; step < 6; step += 1) {
    const [east, north] = toGcj02(guess);
    guess = [guess[0] + position[0] - east, guess[1] + position[1] - north];
  }
  return guess;
}

/** From WGS-84 to what is drawn. */
export function shown(datum: Datum, position: Position): Position {
  return datum === "gcj02" ? toGcj02(position) : position;
}

/** From what is drawn to WGS-84. */
export function stored(datum: Datum, position: Position): Position {
  return datum === "gcj02" ? fromGcj02(position) : position;
}

/** Every position of a GeoJSON geometry as it is drawn. */
export function shownShape(datum: Datum, coordinates: unknown): unknown {
  if (datum !== "gcj02" || !Array.isArray(coordinates)) return coordinates;
  if (typeof coordinates[0] === "number") return toGcj02([coordinates[0], coordinates[1] as number]);
  return coordinates.map((part) => shownShape(datum, part));
}
