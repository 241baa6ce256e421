// Gateways as a list: heartbeat, clock, what waits to be sent, sources; opens to instruments and outputs.

import { DownOutlined, RightOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { points } from "../api/queries.ts";
import type { GatewayRow, PointRow, SourceState } from "../api/types.ts";
import { useLivePoint } from "../live/latest.ts";
import { type Catalogue, useText } from "../locales/index.tsx";
import { count, steady } from "../parts/figures.ts";
import { instrumentName } from "../parts/instrument.ts";
import { Link } from "../parts/Link.tsx";
import { type Column, type RowLook, Rows } from "../parts/Rows.tsx";
import { PresenceSign, QualitySign } from "../parts/Signs.tsx";
import { Failed, Loading } from "../parts/States.tsx";
import { spanWords } from "../parts/time.ts";
import { Age } from "../parts/When.tsx";
import { Absences } from "./Absences.tsx";
import { Buses } from "./Buses.tsx";
import { Configuration } from "./Configuration.tsx";
import { Figures } from "./Figures.tsx";
import { Outputs } from "./Outputs.tsx";
import { Switches } from "./Switches.tsx";
import { Tapes } from "./Tapes.tsx";
import { Trust } from "./Trust.tsx";

const ROADS = { zenoh: "Zenoh", mqtt: "MQTT" } as const;

function Clock({ row }: { row: GatewayRow }) {
  const text = useText();
  return row.clock_synchronised ? (
    <span>✓ {text.devices.clockOk}</span>
  ) : (
    <span className="sign-quality-bad">✕ {text.devices.clockBad}</span>
  );
}

function Queue({ row }: { row: GatewayRow }) {
  const text = useText();
  const { event, measurement } = row.queue;
  if (event + measurement === 0) return <span className="faint">{text.devices.queueEmpty}</span>;
  return (
    <span className="two-lines number">
      {event > 0 && (
        <span>
          {text.devices.queueEvents} {text.devices.queueBatches(count(event))}
        </span>
      )}
      {measurement > 0 && (
        <span>
          {text.devices.queueMeasurements} {text.devices.queueBatches(count(measurement))}
        </span>
      )}
    </span>
  );
}

function Sources({ row }: { row: GatewayRow }) {
  const text = useText();
  const good = row.sources.filter((source) => source.state === "good").length;
  if (row.sources.length === 0) return <span className="faint">{text.devices.unknown}</span>;
  return (
    <span className={good < row.sources.length ? "sign-quality-bad" : undefined}>
      {good < row.sources.length ? "✕" : "✓"} {text.devices.sourcesGood(good, row.sources.length)}
    </span>
  );
}

/** How a gateway looks in a list; it opens in place to what stands behind it. */
export function useGatewayLook(withEnterprise = false): RowLook<GatewayRow> {
  const text = useText();
  const [opened, setOpened] = useState<string | null>(null);
  const turn = (row: GatewayRow) => setOpened(opened === row.id ? null : row.id);
  const opener = (row: GatewayRow) => (
    <button
      type="button"
      className="opener"
      aria-expanded={opened === row.id}
      aria-label={`${row.name} ${text.devices.detail}`}
      onClick={() => turn(row)}
    >
      {opened === row.id ? <DownOutlined /> : <RightOutlined />}
    </button>
  );
  const columns: Column<GatewayRow>[] = [
    { key: "open", title: "", width: "2.2rem", cell: opener, always: true },
    {
      key: "name",
      always: true,
      title: text.devices.name,
      width: "minmax(12rem, 2fr)",
      cell: (row) => (
        <span className="two-lines">
          <strong>{row.name}</strong>
          {withEnterprise ? (
            <Link className="over" to={`/enterprises/${row.enterprise_id}`}>
              {row.enterprise_name}
            </Link>
          ) : (
            <span className="faint">{row.id}</span>
          )}
        </span>
      ),
    },
    {
      key: "presence",
      title: text.devices.filter,
      width: "minmax(6rem, .8fr)",
      cell: (row) => <PresenceSign presence={row.presence} />,
    },
    {
      key: "heartbeat",
      title: text.devices.heartbeat,
      width: "minmax(7rem, .9fr)",
      cell: (row) => (
        <>
          <Age at={row.last_heartbeat_at} />
          {row.road ? <span className="faint"> {text.devices.byRoad(ROADS[row.road])}</span> : null}
        </>
      ),
    },
    {
      key: "clock",
      title: text.devices.clock,
      width: "minmax(6rem, .8fr)",
      cell: (row) => <Clock row={row} />,
    },
    {
      key: "queue",
      title: text.devices.queue,
      width: "minmax(8rem, 1fr)",
      cell: (row) => <Queue row={row} />,
    },
    {
      key: "sources",
      title: text.devices.sources,
      width: "minmax(7rem, .9fr)",
      cell: (row) => <Sources row={row} />,
    },
    {
      key: "software",
      title: text.devices.software,
      width: "minmax(5rem, .6fr)",
      cell: (row) => <span className="faint">{row.software || text.devices.unknown}</span>,
    },
  ];
  return {
    columns,
    rowKey: (row) => row.id,
    name: (row) => row.name,
    open: undefined,
    below: (row) => (opened === row.id ? <Detail row={row} /> : null),
    card: (row) => (
      <>
        <div className="row-card-top">
          <PresenceSign presence={row.presence} />
          <Age at={row.last_heartbeat_at} />
          {opener(row)}
        </div>
        <strong className="row-card-title">{row.name}</strong>
        {withEnterprise && (
          <Link className="over" to={`/enterprises/${row.enterprise_id}`}>
            {row.enterprise_name}
          </Link>
        )}
        <div className="row-card-line">
          <Sources row={row} />
          <span>
            {text.devices.clock} <Clock row={row} />
          </span>
          <span>
            {text.devices.queue} <Queue row={row} />
          </span>
        </div>
      </>
    ),
  };
}

export function GatewayRows({ rows }: { rows: readonly GatewayRow[] }) {
  const text = useText();
  return <Rows {...useGatewayLook()} label={text.devices.gateways} rows={rows} />;
}

function Detail({ row }: { row: GatewayRow }) {
  const text = useText();
  return (
    <div className="gateway-detail">
      <section>
        <h3>{text.devices.sources}</h3>
        {row.sources.length === 0 ? (
          <p className="faint">{text.devices.noSources}</p>
        ) : (
          <ul className="plain">
            {row.sources.map((source) => (
              <li key={source.source}>
                <span className={source.state === "good" ? "" : "sign-quality-bad"}>
                  {source.state === "good" ? "✓" : source.state === "bad" ? "✕" : "○"}{" "}
                  {sourceName(source, text)}
                </span>
                <span className="faint">
                  {text.devices.source[source.state]} ·{" "}
                  {source.good_age_s === null
                    ? text.devices.neverGood
                    : source.good_age_s < 1
                      ? text.devices.goodNow
                      : text.devices.lastGood(spanWords(Math.round(source.good_age_s) * 1_000, text))}
                </span>
              </li>
            ))}
          </ul>
        )}
      </section>
      <section>
        <h3>{text.buses.heading}</h3>
        <Buses buses={row.buses} />
      </section>
      <section>
        <h3>{text.devices.outputs}</h3>
        <Outputs gateway={row} />
      </section>
      <Switches gateway={row} />
      <section>
        <h3>{text.trust.title}</h3>
        <Trust gateway={row} />
      </section>
      <section className="gateway-points">
        <h3>{text.devices.instruments}</h3>
        <Instruments gateway={row.id} />
      </section>
      <section className="gateway-figures">
        <h3>{text.configuration.heading}</h3>
        <Configuration gateway={row} />
      </section>
      <section className="gateway-figures">
        <h3>{text.devices.figures}</h3>
        <Figures gateway={row.id} />
      </section>
      <section className="gateway-figures">
        <h3>{text.absences.heading}</h3>
        <Absences gateway={row.id} />
      </section>
      <section className="gateway-figures">
        <h3>{text.tapes.heading}</h3>
        <Tapes gateway={row} />
      </section>
    </div>
  );
}

/** A source that nobody named is told by its unit number. */
function sourceName(source: SourceState, text: Catalogue): string {
  return instrumentName(source.name || source.source, text);
}

function Instruments({ gateway }: { gateway: string }) {
  const text = useText();
  const list = useQuery(points({ gateway_id: gateway }));
  if (list.isPending) return <Loading rows={2} />;
  if (list.isError) return <Failed error={list.error} retry={() => list.refetch()} />;
  if (list.data.items.length === 0) return <p className="faint">{text.enterprise.noPoints}</p>;
  return (
    <ul className="plain">
      {list.data.items.map((row) => (
        <Instrument key={row.id} row={row} />
      ))}
    </ul>
  );
}

function Instrument({ row }: { row: PointRow }) {
  const point = useLivePoint(row);
  return (
    <li>
      <Link className="over" to={`/enterprises/${point.enterprise_id}?point=${point.id}`}>
        {point.name} <span className="faint">{point.key}</span>
      </Link>
      <span className="instrument-now">
        {point.value !== null && point.quality_text !== "bad" && (
          <span className="number">
            {steady(point.value)} {point.unit}
          </span>
        )}
        <QualitySign point={point} />
        <Age at={point.at} />
      </span>
    </li>
  );
}
