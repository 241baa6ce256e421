// The signs on the map as elements of the page: a thing by its kind, a cluster by its number, ringed by level.

import type { MapItem } from "../api/map.ts";
import type { Level } from "../api/words.ts";
import type { Catalogue } from "../locales/index.tsx";

/** The shapes of the levels, the same as on every page: never colour alone. */
const SHAPES: Record<Level, string> = {
  red: "M1 1h14v14H1z",
  orange: "M8 1l7 13H1z",
  yellow: "M8 0l8 8-8 8-8-8z",
  blue: "M8 1a7 7 0 1 1 0 14A7 7 0 1 1 8 1z",
};

/** What stands for a kind: drawn in 16 × 16. */
const ICONS: Record<string, string> = {
  enterprise: "M1 15V7l4 3V7l4 3V2h3l1 8h2v5z",
  hazard: "M8 1l7 13H1zM7 6v4h2V6zM7 11v2h2v-2z",
  gateway: "M2 9h12v5H2zM5 6a4 4 0 0 1 6 0M3 4a7 7 0 0 1 10 0",
  hospitals: "M6 2h4v4h4v4h-4v4H6v-4H2V6h4z",
  shelters: "M1 8l7-6 7 6v6h-5V9H6v5H1z",
  "fire-forces": "M8 1c3 4 5 6 5 9a5 5 0 0 1-10 0c0-2 1-3 2-4 1 2 2 2 3 2 0-3-1-4 0-7z",
  "police-forces": "M8 1l6 2v5c0 4-3 6-6 7-3-1-6-3-6-7V3z",
  "storage-units": "M2 4c0-3 12-3 12 0v8c0 3-12 3-12 0z",
  "rescue-teams": "M8 2a3 3 0 1 1 0 6 3 3 0 0 1 0-6zM2 15c0-4 3-6 6-6s6 2 6 6z",
  "natural-disaster-points": "M1 14L6 4l3 5 2-3 4 8z",
  "tailings-ponds": "M1 5h14l-3 9H4z",
  other: "M8 2l6 6-6 6-6-6z",
};

const svg = (path: string, size: number, name: string) =>
  `<svg class="${name}" width="${size}" height="${size}" viewBox="0 0 16 16" aria-hidden="true"><path d="${path}"/></svg>`;

export function iconPath(layer: string): string {
  return ICONS[layer] ?? (ICONS.other as string);
}

/** What makes two signs look alike: an element is drawn anew only when this changes. */
export function lookOf(item: MapItem): string {
  return [
    item.count,
    item.level,
    item.open,
    item.unanswered,
    item.offline,
    item.presence,
    item.name,
    item.hazard_class,
    item.bad_points,
  ].join("|");
}

/** The same thing from one answer to the next. */
export function keyOf(item: MapItem): string {
  return item.count === 1
    ? `${item.layer}/${item.id}`
    : `${item.family}@${item.longitude.toFixed(4)},${item.latitude.toFixed(4)}`;
}

/** A sign as a button; its words say all that it shows. */
export function signOf(
  item: MapItem,
  text: Catalogue,
  titleOf: (layer: string) => string,
): HTMLButtonElement {
  const element = document.createElement("button");
  element.type = "button";
  const quiet = !item.level;
  const silent = item.count === 1 ? item.presence === "offline" : item.offline > 0;
  element.className = [
    "map-sign",
    `map-sign-${item.family}`,
    item.count > 1 ? "map-cluster" : "map-single",
    item.level ? `map-ring-${item.level}` : "",
    item.unanswered > 0 && item.level === "red" ? "map-urgent" : "",
    quiet && silent ? "map-silent" : "",
  ]
    .filter(Boolean)
    .join(" ");
  const words = wordsOf(item, text, titleOf);
  element.setAttribute("aria-label", words);
  element.title = words;
  const badge = item.level
    ? `<span class="map-level level-${item.level}">${svg(SHAPES[item.level], 9, "level-shape")}${item.open > 0 ? `<b>${short(item.open)}</b>` : ""}</span>`
    : silent
      ? `<span class="map-off" aria-hidden="true">○</span>`
      : item.bad_points
        ? `<span class="map-off" aria-hidden="true">✕</span>`
        : "";
  if (item.count > 1) {
    const size = Math.round(30 + Math.min(26, Math.log2(item.count) * 3.4));
    element.style.setProperty("--size", `${size}px`);
    element.innerHTML = `<span class="map-count">${short(item.count)}</span>${badge}`;
  } else {
    element.innerHTML = `${svg(iconPath(item.hazard_class !== null && item.layer === "enterprise" ? "hazard" : item.layer), 15, "map-icon")}${badge}`;
  }
  // What is red says its name: nobody has to point at it first.
  if (item.count === 1 && item.level === "red") {
    const name = document.createElement("span");
    name.className = "map-sign-name";
    name.textContent = item.name;
    element.append(name);
  }
  return element;
}

function short(count: number): string {
  return count < 1000
    ? String(count)
    : count < 10_000
      ? `${(count / 1000).toFixed(1)}k`
      : `${Math.round(count / 1000)}k`;
}

export function wordsOf(item: MapItem, text: Catalogue, titleOf: (layer: string) => string): string {
  const parts = [item.count > 1 ? text.map.several(item.count, text.map.family[item.family]) : item.name];
  if (item.count === 1 && item.family !== "enterprise") parts.push(titleOf(item.layer));
  if (item.hazard_class !== null) parts.push(text.map.hazardClass(item.hazard_class));
  if (item.level) parts.push(`${text.levelWarning[item.level]} ${text.map.open(item.open)}`);
  if (item.count > 1 && item.offline > 0) parts.push(text.map.offline(item.offline));
  if (item.count === 1 && item.presence && item.presence !== "none") parts.push(text.presence[item.presence]);
  if (item.bad_points && item.points) parts.push(text.leader.badPoints(item.bad_points, item.points));
  return parts.join(" · ");
}
