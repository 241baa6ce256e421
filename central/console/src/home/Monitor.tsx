// Monitoring mode: every enterprise by its state, the live values of the chosen one beside the list.

import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Drawer, Segmented } from "antd";
import { useNavigate, useSearchParams } from "react-router";
import { enterprises, overview, points } from "../api/queries.ts";
import type { EnterpriseRow } from "../api/types.ts";
import { usePlantNewest } from "../live/latest.ts";
import { useText } from "../locales/index.tsx";
import { LevelBadge } from "../parts/Level.tsx";
import { Link } from "../parts/Link.tsx";
import { PageHead } from "../parts/Page.tsx";
import { CallLink } from "../parts/Phone.tsx";
import { More } from "../parts/Rows.tsx";
import { PresenceSign } from "../parts/Signs.tsx";
import { Calm, Failed, Loading } from "../parts/States.tsx";
import { usePhone } from "../parts/usePhone.ts";
import { Age } from "../parts/When.tsx";
import { PointCard } from "../telemetry/PointCard.tsx";

export function Monitor() {
  const text = useText();
  const phone = usePhone();
  const [search, setSearch] = useSearchParams();
  const state = search.get("state") ?? "";
  const chosen = search.get("enterprise");
  const list = useInfiniteQuery(enterprises({ state }, 60));
  const rows = list.data?.pages.flatMap((page) => page.items) ?? [];
  const counts = useQuery(overview).data?.enterprises;
  const set = (name: string, value: string | null) => {
    const next = new URLSearchParams(search);
    if (value) next.set(name, value);
    else next.delete(name);
    setSearch(next, { replace: true });
  };
  const told = (words: string, n: number | undefined) => (n === undefined ? words : `${words} ${n}`);
  const plant = rows.find((row) => String(row.id) === chosen);
  return (
    <div className="page">
      <PageHead
        title={text.modes.monitor}
        filters={
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
        }
      />
      {list.isPending ? (
        <Loading rows={8} />
      ) : list.isError && !list.data ? (
        <Failed error={list.error} retry={() => list.refetch()} />
      ) : rows.length === 0 ? (
        <Calm title={state ? text.enterprises.empty : text.enterprises.emptyAll} />
      ) : (
        <>
          <ul className="monitor">
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

function Tile({ row, chosen, open }: { row: EnterpriseRow; chosen: boolean; open: () => void }) {
  const text = useText();
  const newest = usePlantNewest(row.id, row.newest_at);
  return (
    <button
      type="button"
      className={`monitor-tile edge ${row.worst_level ? `edge-${row.worst_level}` : ""}`}
      aria-pressed={chosen}
      onClick={open}
    >
      <strong>{row.name}</strong>
      <span className="monitor-signs">
        {row.worst_level && <LevelBadge level={row.worst_level} />}
        {row.open_warnings > 0 && <span>{text.warnings.count(row.open_warnings)}</span>}
        <PresenceSign presence={row.presence} />
      </span>
      <span className="faint">
        {row.region_name} · {text.enterprise.pointCount(row.points)}
        {row.bad_points > 0 && ` · ${text.enterprises.badPoints(row.bad_points)}`} · <Age at={newest} />
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
