// Monitoring mode: map, list and charts in step; the live values of the chosen enterprise slide in beside them.

import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Button, Drawer, Input, Segmented } from "antd";
import { useMemo } from "react";
import { useNavigate, useSearchParams } from "react-router";
import type { MapItem } from "../api/map.ts";
import { enterprise, enterprises, overview, points } from "../api/queries.ts";
import type { EnterpriseRow } from "../api/types.ts";
import { week } from "../api/week.ts";
import { usePlantNewest } from "../live/latest.ts";
import { useText } from "../locales/index.tsx";
import { MapView } from "../map/MapView.tsx";
import { LevelBadge } from "../parts/Level.tsx";
import { Link } from "../parts/Link.tsx";
import { Card, PageHead } from "../parts/Page.tsx";
import { CallLink } from "../parts/Phone.tsx";
import { More } from "../parts/Rows.tsx";
import { PresenceSign } from "../parts/Signs.tsx";
import { Calm, Failed, Loading } from "../parts/States.tsx";
import { usePhone } from "../parts/usePhone.ts";
import { Age } from "../parts/When.tsx";
import { PointCard } from "../telemetry/PointCard.tsx";
import { AreasToday } from "./AreasToday.tsx";
import { Flow } from "./Flow.tsx";
import { WeekBars } from "./WeekBars.tsx";

const LAYERS = ["enterprise"];

export function Monitor() {
  const text = useText();
  const phone = usePhone();
  const [search, setSearch] = useSearchParams();
  const state = search.get("state") ?? "";
  const q = search.get("q") ?? "";
  const chosen = search.get("enterprise");
  const list = useInfiniteQuery(enterprises({ state, q }, 60));
  const rows = list.data?.pages.flatMap((page) => page.items) ?? [];
  const counts = useQuery(overview).data?.enterprises;
  const set = (name: string, value: string | null) => {
    const next = new URLSearchParams(search);
    if (value) next.set(name, value);
    else next.delete(name);
    setSearch(next, { replace: true });
  };
  const told = (words: string, n: number | undefined) => (n === undefined ? words : `${words} ${n}`);
  const listed = rows.find((row) => String(row.id) === chosen);
  // Chosen on the map, it may be far down the list.
  const asked = useQuery({ ...enterprise(chosen ?? ""), enabled: chosen !== null && !listed }).data;
  const plant = listed ?? asked;
  const focus = useMemo(
    () =>
      plant?.longitude != null && plant.latitude != null
        ? { longitude: plant.longitude, latitude: plant.latitude }
        : null,
    [plant?.longitude, plant?.latitude],
  );
  const choose = (item: MapItem) =>
    item.enterprise_id !== null && set("enterprise", String(item.enterprise_id));
  return (
    <div className="page monitor-page">
      <PageHead
        title={text.modes.monitor}
        filters={
          <>
            <Segmented
              aria-label={text.enterprises.state}
              value={state}
              onChange={(value) => set("state", value)}
              options={[
                { value: "", label: told(text.enterprises.anyState, counts?.total) },
                { value: "warning", label: told(text.enterprises.withOpen, counts?.with_open) },
                { value: "offline", label: told(text.enterprises.offline, counts?.offline) },
                { value: "normal", label: text.enterprises.normal },
              ]}
            />
            <Input.Search
              key={q}
              className="monitor-search"
              allowClear
              defaultValue={q}
              placeholder={text.enterprises.search}
              onSearch={(value) => set("q", value.trim())}
            />
          </>
        }
        actions={
          !phone && (
            <Link to="/wall" className="ant-btn">
              <Button>{text.wall.open}</Button>
            </Link>
          )
        }
      />
      <Flow />
      <div className="monitor-frame">
        <section className="monitor-list card" aria-label={text.monitoring.list}>
          {list.isPending ? (
            <Loading rows={8} />
          ) : list.isError && !list.data ? (
            <Failed error={list.error} retry={() => list.refetch()} />
          ) : rows.length === 0 ? (
            <Calm title={state || q ? text.enterprises.empty : text.enterprises.emptyAll} />
          ) : (
            <>
              <ul>
                {rows.map((row) => (
                  <li key={row.id}>
                    <Tile row={row} chosen={row === plant} open={() => set("enterprise", String(row.id))} />
                  </li>
                ))}
              </ul>
              <More
                more={list.hasNextPage}
                busy={list.isFetchingNextPage}
                load={() => list.fetchNextPage()}
                total={rows.length}
              />
            </>
          )}
        </section>
        <MapView
          layers={LAYERS}
          state={state}
          chosen={plant?.id ?? null}
          choose={choose}
          focus={focus}
          label={text.modes.monitor}
        />
        <div className="monitor-charts">
          <Card title={text.monitoring.areas}>
            <AreasToday />
          </Card>
          <Card title={text.monitoring.chart}>
            <Chart />
          </Card>
        </div>
      </div>
      <Drawer
        open={plant !== undefined}
        onClose={() => set("enterprise", null)}
        size={phone ? "100%" : 560}
        mask={false}
        title={plant?.name}
        extra={plant && <Link to={`/enterprises/${plant.id}`}>{text.monitor.page}</Link>}
      >
        {plant && <Values row={plant} />}
      </Drawer>
    </div>
  );
}

function Chart() {
  const days = useQuery(week);
  if (days.isPending) return <Loading />;
  if (days.isError && !days.data) return <Failed error={days.error} retry={() => days.refetch()} />;
  return <WeekBars days={days.data.days} />;
}

function Tile({ row, chosen, open }: { row: EnterpriseRow; chosen: boolean; open: () => void }) {
  const text = useText();
  const newest = usePlantNewest(row.id, row.newest_at);
  return (
    <button
      type="button"
      className={`monitor-tile ${row.worst_level ? `edge edge-${row.worst_level}` : ""}`}
      aria-pressed={chosen}
      onClick={open}
    >
      <strong>{row.name}</strong>
      <span className="monitor-signs">
        {row.worst_level && <LevelBadge level={row.worst_level} />}
        {row.open_warnings > 0 && <span>{text.warnings.count(row.open_warnings)}</span>}
        {row.presence !== "none" && <PresenceSign presence={row.presence} />}
      </span>
      <span className="faint">
        {row.region_name}
        {row.points > 0 && ` · ${text.enterprise.pointCount(row.points)}`}
        {row.bad_points > 0 && ` · ${text.enterprises.badPoints(row.bad_points)}`}
        {newest && (
          <>
            {" · "}
            <Age at={newest} />
          </>
        )}
      </span>
    </button>
  );
}

function Values({ row }: { row: EnterpriseRow }) {
  const text = useText();
  const navigate = useNavigate();
  const list = useQuery(points({ enterprise_id: row.id }));
  return (
    <>
      <p className="monitor-call">
        <CallLink name={row.contact_name} phone={row.contact_phone} wide />
      </p>
      {row.longitude !== null && row.latitude !== null && (
        <p className="monitor-call">
          <Link
            to={`/map?tab=near&longitude=${row.longitude}&latitude=${row.latitude}&name=${encodeURIComponent(row.name)}`}
          >
            {text.map.near.title}
          </Link>
          {row.open_warnings > 0 && (
            <>
              {" · "}
              <Link to={`/warnings?enterprise_id=${row.id}`}>{text.warnings.count(row.open_warnings)}</Link>
            </>
          )}
        </p>
      )}
      {list.isPending ? (
        <Loading />
      ) : list.isError && !list.data ? (
        <Failed error={list.error} retry={() => list.refetch()} />
      ) : list.data.items.length === 0 ? (
        <p className="quiet-line">{text.enterprise.noPoints}</p>
      ) : (
        <div className="points">
          {list.data.items.map((point) => (
            <PointCard
              key={point.id}
              point={point}
              open={() => navigate(`/enterprises/${row.id}?point=${point.id}`)}
            />
          ))}
        </div>
      )}
    </>
  );
}
