// One map (一张图): layers, what lies near a place, and the heat of warnings from the district to one enterprise.

import { useQuery } from "@tanstack/react-query";
import { App, Button, Segmented, Tabs } from "antd";
import { useEffect, useMemo, useState } from "react";
import { useNavigate, useSearchParams } from "react-router";
import { type Extent, type FoundOnMap, type MapItem, mapAreas, mapHeat, mapNearby } from "../api/map.ts";
import { useText } from "../locales/index.tsx";
import { PageHead } from "../parts/Page.tsx";
import { Drill } from "./Drill.tsx";
import { Finder } from "./Finder.tsx";
import { LayerPanel } from "./LayerPanel.tsx";
import { MapView, type Spot } from "./MapView.tsx";
import { NearPanel, pageOf } from "./NearPanel.tsx";
import { ring } from "./style.ts";

const TABS = ["layers", "near", "heat"] as const;
type Tab = (typeof TABS)[number];
const DAYS = [0, 7, 30] as const;
const EARTH_M = 6_371_008.8;

export function metresOf(line: readonly Spot[]): number {
  const radians = (degrees: number) => (degrees / 180) * Math.PI;
  return line.slice(1).reduce((sum, to, place) => {
    const from = line[place] as Spot;
    const half =
      Math.sin(radians(to.latitude - from.latitude) / 2) ** 2 +
      Math.cos(radians(from.latitude)) *
        Math.cos(radians(to.latitude)) *
        Math.sin(radians(to.longitude - from.longitude) / 2) ** 2;
    return sum + 2 * EARTH_M * Math.asin(Math.min(1, Math.sqrt(half)));
  }, 0);
}

function extentOf({ longitude, latitude, radius }: Spot & { radius: number }): Extent {
  const places = ring([longitude, latitude], radius);
  const east = places.map((place) => place[0]);
  const north = places.map((place) => place[1]);
  return [Math.min(...east), Math.min(...north), Math.max(...east), Math.max(...north)];
}

export function MapPage() {
  const text = useText();
  const navigate = useNavigate();
  const { message } = App.useApp();
  const [search, setSearch] = useSearchParams();
  const tab: Tab = TABS.find((one) => one === search.get("tab")) ?? "layers";
  const layers = (search.get("layers") ?? "enterprise").split(",").filter(Boolean);
  const state = search.get("state") ?? "";
  const within = search.get("within") ?? "";
  const days = DAYS.find((one) => String(one) === search.get("days")) ?? 0;
  const radius = Number(search.get("radius") ?? 1000);
  const [named, setNamed] = useState<(Spot & { name?: string }) | null>(null);
  const [chosen, setChosen] = useState<number | null>(null);
  const [line, setLine] = useState<Spot[] | null>(null);
  const [focus, setFocus] = useState<Extent | Spot | null>(null);
  const set = (changes: Record<string, string | null>) => {
    const next = new URLSearchParams(search);
    for (const [name, value] of Object.entries(changes))
      if (value) next.set(name, value);
      else next.delete(name);
    setSearch(next, { replace: true });
  };
  // Whoever comes with a place in the address (from a warning, from an enterprise) sees what lies around it.
  const given = useMemo(() => {
    const longitude = Number(search.get("longitude"));
    const latitude = Number(search.get("latitude"));
    return search.get("longitude") && Number.isFinite(longitude) && Number.isFinite(latitude)
      ? { longitude, latitude, name: search.get("name") ?? undefined }
      : null;
  }, [search]);
  const spot = named ?? given;
  const areas = useQuery({
    ...mapAreas(within.startsWith("agency-") ? "" : within),
    enabled: tab === "heat",
  }).data;
  const heat = useQuery({ ...mapHeat(days), enabled: tab === "heat" }).data;

  const point = (at: Spot) => {
    if (line) setLine([...line, at]);
    else if (tab === "near") setNamed(at);
  };
  const choose = (item: MapItem) => {
    if (tab === "near") {
      setNamed({ longitude: item.longitude, latitude: item.latitude, name: item.name || undefined });
      return;
    }
    if (item.count > 1) {
      set({ tab: "near" });
      setNamed({ longitude: item.longitude, latitude: item.latitude });
      return;
    }
    navigate(item.layer === "gateway" ? `/enterprises/${item.enterprise_id}` : pageOf(item));
  };
  const found = (item: FoundOnMap) => {
    const family = item.layer === "enterprise" ? "enterprise" : item.layer;
    const hidden = !layers.includes(family) && !(family === "enterprise" && layers.includes("hazard"));
    if (hidden) set({ layers: [...layers, family].join(",") });
    setChosen(item.layer === "enterprise" ? Number(item.id) : null);
    setFocus({ longitude: item.longitude, latitude: item.latitude });
    if (tab === "near") setNamed({ longitude: item.longitude, latitude: item.latitude, name: item.name });
  };
  const locate = () =>
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        const here = { longitude: coords.longitude, latitude: coords.latitude };
        setNamed(here);
        set({ tab: "near" });
        void message.info(text.map.located);
      },
      () => void message.warning(text.map.notLocated),
    );
  const circle = useMemo(
    () => (tab === "near" && spot ? { longitude: spot.longitude, latitude: spot.latitude, radius } : null),
    [tab, spot, radius],
  );
  // What is listed around a place stands on the map too, whatever layers are chosen.
  const around = useQuery({
    ...mapNearby(circle?.longitude ?? 0, circle?.latitude ?? 0, radius),
    enabled: circle !== null,
  }).data;
  const drawn =
    circle && around ? [...new Set([...layers, ...around.layers.map((one) => one.layer)])] : layers;
  // A circle is shown whole.
  useEffect(() => {
    if (circle) setFocus(extentOf(circle));
  }, [circle]);
  return (
    <div className="page map-page">
      <PageHead
        title={text.map.title}
        filters={
          <>
            <Segmented
              aria-label={text.enterprises.state}
              value={state}
              onChange={(value) => set({ state: value })}
              options={[
                { value: "", label: text.enterprises.anyState },
                { value: "warning", label: text.enterprises.withOpen },
                { value: "offline", label: text.enterprises.offline },
                { value: "normal", label: text.enterprises.normal },
              ]}
            />
            <Finder find={found} />
          </>
        }
        actions={
          <>
            <Button onClick={() => setLine(line ? null : [])}>
              {line ? text.map.measure.stop : text.map.measure.start}
            </Button>
            <Button onClick={locate}>{text.map.locate}</Button>
          </>
        }
      />
      <div className="map-frame">
        <div className="map-main">
          <MapView
            layers={drawn}
            state={state}
            chosen={chosen}
            choose={choose}
            point={point}
            pointing={line !== null}
            focus={focus}
            circle={circle}
            line={line ?? undefined}
            areas={tab === "heat" ? areas?.areas : undefined}
            heat={tab === "heat" ? heat?.items : undefined}
          />
          {line && (
            <p className="map-measure">
              {line.length < 2
                ? text.map.measure.note
                : text.map.measure.total(text.map.near.metres(Math.round(metresOf(line))))}
            </p>
          )}
        </div>
        <aside className="map-side card">
          <Tabs
            activeKey={tab}
            onChange={(key) => set({ tab: key })}
            items={TABS.map((key) => ({ key, label: text.map.tabs[key] }))}
          />
          {tab === "layers" && (
            <LayerPanel chosen={layers} choose={(next) => set({ layers: next.join(",") || null })} />
          )}
          {tab === "near" && (
            <NearPanel
              spot={spot}
              radius={radius}
              setRadius={(value) => set({ radius: String(value) })}
              clear={() => {
                setNamed(null);
                set({ longitude: null, latitude: null, name: null });
              }}
              show={(at) => setFocus({ ...at })}
            />
          )}
          {tab === "heat" && (
            <>
              <Segmented
                block
                aria-label={text.map.heat.title}
                value={days}
                onChange={(value) => set({ days: String(value) })}
                options={DAYS.map((value) => ({
                  value,
                  label: value === 0 ? text.map.heat.now : text.map.heat.days(value),
                }))}
              />
              <p className="faint map-note">{text.map.heat.note}</p>
              <Drill
                within={within}
                chosen={chosen}
                open={(code, area) => {
                  set({ within: code || null });
                  if (area?.longitude && area.latitude)
                    setFocus({ longitude: area.longitude, latitude: area.latitude });
                }}
                choose={(one) => {
                  setChosen(one.id);
                  if (one.longitude !== null && one.latitude !== null)
                    setFocus({ longitude: one.longitude, latitude: one.latitude });
                }}
              />
            </>
          )}
        </aside>
      </div>
    </div>
  );
}
