// One map: the ground, what stands on it, and what a page lays over it; it keeps the window that it shows.

import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState } from "react";
import {
  type AreaStanding,
  type Extent,
  type Ground,
  type HeatSpot,
  type MapItem,
  mapGround,
  mapLayers,
  mapObjects,
  type Window,
} from "../api/map.ts";
import { LEVELS, type Level } from "../api/types.ts";
import { useLanguage, useText } from "../locales/index.tsx";
import { count } from "../parts/figures.ts";
import { Failed, Loading } from "../parts/States.tsx";
import type { Stage } from "./stage.ts";
import type { Theme } from "./style.ts";
import "../styles/map.css";

export interface Spot {
  longitude: number;
  latitude: number;
}

interface Props {
  layers: readonly string[];
  state?: string;
  theme?: Theme;
  /** Enterprises are ringed that are chosen in a list. */
  chosen?: number | null;
  choose?: (item: MapItem) => void;
  /** A click on the ground, WGS-84. */
  point?: (spot: Spot) => void;
  /** Signs are places like any other: while one measures or picks. */
  pointing?: boolean;
  /** Where the map goes when this changes: an extent, or a place. */
  focus?: Extent | Spot | null;
  circle?: (Spot & { radius: number }) | null;
  line?: readonly Spot[];
  areas?: readonly AreaStanding[];
  heat?: readonly HeatSpot[];
  still?: boolean;
  /** So many zooms coarser are things gathered: signs of a wall are large. */
  coarse?: number;
  label?: string;
}

export function MapView(props: Props) {
  const text = useText();
  const ground = useQuery(mapGround);
  if (ground.isPending) return <Loading />;
  if (ground.isError && !ground.data) return <Failed error={ground.error} retry={() => ground.refetch()} />;
  return (
    <section className="map" aria-label={props.label ?? text.map.title} data-theme={props.theme ?? "light"}>
      <Drawn {...props} ground={ground.data} />
    </section>
  );
}

export function worstOf(area: AreaStanding): Level | null {
  return LEVELS.find((level) => area.open_by_level[level] > 0) ?? null;
}

function Drawn({
  layers,
  state = "",
  theme = "light",
  chosen = null,
  choose,
  point,
  pointing = false,
  focus,
  circle,
  line,
  areas,
  heat,
  still = false,
  coarse = 0,
  ground,
}: Props & { ground: Ground }) {
  const text = useText();
  const { language } = useLanguage();
  const place = useRef<HTMLDivElement>(null);
  const stage = useRef<Stage | null>(null);
  const [ready, setReady] = useState(false);
  const [impossible, setImpossible] = useState(false);
  const [shown, setShown] = useState<Window | null>(null);
  const objects = useQuery(mapObjects(shown && { ...shown, zoom: shown.zoom - coarse }, layers, state));
  const titles = useQuery({ ...mapLayers, enabled: layers.length > 1 }).data?.layers;
  const acts = useRef({ choose, point });
  acts.current = { choose, point };

  const titleOf = useMemo(() => {
    const named = new Map(
      (titles ?? []).map((layer) => [layer.layer, language === "en" ? layer.title_en : layer.title]),
    );
    return (layer: string) => named.get(layer) ?? "";
  }, [titles, language]);

  useEffect(() => {
    let gone = false;
    import("./stage.ts")
      .then(({ openStage }) => {
        if (gone || !place.current) return;
        const opened = openStage(place.current, ground, theme, still, {
          moved: setShown,
          chosen: (item) => acts.current.choose?.(item),
          pointed: (spot) => acts.current.point?.(spot),
        });
        stage.current = opened;
        setReady(true);
      })
      .catch(() => setImpossible(true));
    return () => {
      gone = true;
      stage.current?.close();
      stage.current = null;
      setReady(false);
    };
  }, [ground, theme, still]);

  useEffect(() => {
    if (ready && objects.data) stage.current?.show(objects.data.items, text, titleOf);
  }, [ready, objects.data, text, titleOf]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: signs are drawn anew with new answers
  useEffect(() => {
    if (ready) stage.current?.mark(chosen);
  }, [ready, chosen, objects.data]);
  useEffect(() => {
    if (ready) stage.current?.pointing(pointing);
  }, [ready, pointing]);
  useEffect(() => {
    if (ready && focus) stage.current?.go(focus);
  }, [ready, focus]);
  useEffect(() => {
    if (ready) stage.current?.circle(circle ?? null);
  }, [ready, circle]);
  useEffect(() => {
    if (ready) stage.current?.line(line ?? []);
  }, [ready, line]);
  useEffect(() => {
    if (ready) stage.current?.areas(areas ?? [], worstOf, text);
  }, [ready, areas, text]);
  useEffect(() => {
    if (ready) stage.current?.heat(heat ?? []);
  }, [ready, heat]);

  if (impossible) return <p className="map-none">{text.map.impossible}</p>;
  return (
    <>
      <div ref={place} className="map-place" />
      {!still && ready && (
        <div className="map-tools">
          <button
            type="button"
            title={text.map.nearer}
            aria-label={text.map.nearer}
            onClick={() => stage.current?.zoom(1)}
          >
            +
          </button>
          <button
            type="button"
            title={text.map.farther}
            aria-label={text.map.farther}
            onClick={() => stage.current?.zoom(-1)}
          >
            −
          </button>
          <button
            type="button"
            title={text.map.whole}
            aria-label={text.map.whole}
            onClick={() => stage.current?.home()}
          >
            <svg width={16} height={16} viewBox="0 0 16 16" aria-hidden="true">
              <path
                d="M1 6V1h5M10 1h5v5M15 10v5h-5M6 15H1v-5"
                fill="none"
                stroke="currentColor"
                strokeWidth={1.8}
              />
            </svg>
          </button>
        </div>
      )}
      {objects.isError && !objects.data && (
        <div className="map-said">
          <Failed error={objects.error} retry={() => objects.refetch()} />
        </div>
      )}
      {objects.data && objects.data.total === 0 && ready && layers.length > 0 && (
        <p className="map-said map-empty">{ground.extent ? text.map.nothingHere : text.map.nothingPlaced}</p>
      )}
      {objects.data && !still && <p className="map-total">{text.map.shown(count(objects.data.total))}</p>}
    </>
  );
}
