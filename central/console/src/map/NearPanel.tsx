// What lies around a place on the map: enterprises and resources by distance, each with its page.

import { useQuery } from "@tanstack/react-query";
import { Button, Segmented } from "antd";
import { useState } from "react";
import { mapNearby, type Near } from "../api/map.ts";
import { useLanguage, useText } from "../locales/index.tsx";
import { LevelBadge } from "../parts/Level.tsx";
import { Link } from "../parts/Link.tsx";
import { Calm, Failed, Loading } from "../parts/States.tsx";
import type { Spot } from "./MapView.tsx";
import { iconPath } from "./signs.ts";

export const RADII = [500, 1000, 3000, 5000] as const;

interface Props {
  spot: (Spot & { name?: string }) | null;
  radius: number;
  setRadius: (radius: number) => void;
  clear: () => void;
  show: (spot: Spot) => void;
}

export function pageOf(item: { layer: string; id: string }): string {
  return item.layer === "enterprise" ? `/enterprises/${item.id}` : `/registers/${item.layer}/${item.id}`;
}

export function NearPanel({ spot, radius, setRadius, clear, show }: Props) {
  const text = useText();
  const words = text.map.near;
  if (!spot) return <Calm title={words.start} />;
  return (
    <div className="map-near">
      <div className="map-near-head">
        <strong>{spot.name ?? words.place(spot.longitude.toFixed(5), spot.latitude.toFixed(5))}</strong>
        <Button size="small" onClick={clear}>
          {words.clear}
        </Button>
      </div>
      <Segmented
        block
        aria-label={words.radius}
        value={radius}
        onChange={(value) => setRadius(Number(value))}
        options={RADII.map((value) => ({ value, label: words.radii[value] }))}
      />
      <Found spot={spot} radius={radius} show={show} />
      <p className="faint">{words.again}</p>
    </div>
  );
}

/** What was found around a place, by kind and distance. */
export function Found({ spot, radius, show }: { spot: Spot; radius: number; show: (spot: Spot) => void }) {
  const text = useText();
  const { language } = useLanguage();
  const words = text.map.near;
  const [only, setOnly] = useState("");
  const answer = useQuery(mapNearby(spot.longitude, spot.latitude, radius));
  if (answer.isPending) return <Loading />;
  if (answer.isError && !answer.data) return <Failed error={answer.error} retry={() => answer.refetch()} />;
  const { items, layers } = answer.data;
  if (items.length === 0) return <Calm title={words.none} />;
  const titles = new Map(
    layers.map((layer) => [layer.layer, language === "en" ? layer.title_en : layer.title]),
  );
  const chosen = titles.has(only) ? only : "";
  const total = layers.reduce((sum, layer) => sum + layer.count, 0);
  return (
    <>
      <div className="map-near-kinds">
        <button type="button" aria-pressed={chosen === ""} onClick={() => setOnly("")}>
          {words.all} {total}
        </button>
        {layers.map((layer) => (
          <button
            key={layer.layer}
            type="button"
            aria-pressed={chosen === layer.layer}
            onClick={() => setOnly(layer.layer)}
          >
            {titles.get(layer.layer)} {layer.count}
          </button>
        ))}
      </div>
      <ul className="map-near-list">
        {items
          .filter((item) => !chosen || item.layer === chosen)
          .map((item) => (
            <li key={`${item.layer}/${item.id}`}>
              <NearLine item={item} kind={titles.get(item.layer) ?? ""} show={show} />
            </li>
          ))}
      </ul>
    </>
  );
}

function NearLine({ item, kind, show }: { item: Near; kind: string; show: (spot: Spot) => void }) {
  const text = useText();
  return (
    <>
      <button type="button" className="map-near-go" onClick={() => show(item)} title={kind}>
        <svg className="map-icon" width={16} height={16} viewBox="0 0 16 16" aria-hidden="true">
          <path d={iconPath(item.hazard_class !== null ? "hazard" : item.layer)} />
        </svg>
        <span className="map-near-far">{text.map.near.metres(item.distance_m)}</span>
      </button>
      <span className="map-near-what">
        <Link to={pageOf(item)}>{item.name || kind}</Link>
        <span className="faint">
          {kind}
          {item.hazard_class !== null && ` · ${text.map.hazardClass(item.hazard_class)}`}
        </span>
      </span>
      {item.level && <LevelBadge level={item.level} />}
    </>
  );
}
