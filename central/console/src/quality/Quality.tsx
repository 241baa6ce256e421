// How well alarms serve the people at them: figures with what would be right, day by day, which alarms, where.

import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Button, Segmented } from "antd";
import { useState } from "react";
import { useSearchParams } from "react-router";
import {
  type AlarmOrder,
  type AlarmQuality,
  alarmQuality,
  type QualityAlarm,
  type QualityFigure,
  qualityAlarms,
  qualityEnterprises,
} from "../api/quality.ts";
import { useMe } from "../identity/me.tsx";
import { type Catalogue, useText } from "../locales/index.tsx";
import { count, measured } from "../parts/figures.ts";
import { Link } from "../parts/Link.tsx";
import { Card, PageHead } from "../parts/Page.tsx";
import { type Column, More, Rows } from "../parts/Rows.tsx";
import { Calm, Failed, Loading } from "../parts/States.tsx";
import { spanWords } from "../parts/time.ts";
import { OwnerPicker } from "../registry/records/OwnerPicker.tsx";
import { DayBars } from "./DayBars.tsx";
import { Positions } from "./Positions.tsx";
import { Tune } from "./Tune.tsx";
import { VerdictSign } from "./VerdictSign.tsx";
import "../styles/quality.css";

const DAY_MS = 86_400_000;
const ORDERS: readonly AlarmOrder[] = ["annunciated", "chattering", "stale", "covered"];
const TRYABLE = ["LL", "L", "H", "HH", "ON", "OFF"];

/** A day of the jurisdiction, so many before today. */
function dayBefore(days: number): string {
  return new Date(Date.now() + 8 * 3_600_000 - days * DAY_MS).toISOString().slice(0, 10);
}

export function Quality() {
  const text = useText();
  const words = text.alarmQuality;
  const me = useMe();
  const [search, setSearch] = useSearchParams();
  const show = (changes: Record<string, string | null>) => {
    const next = new URLSearchParams(search);
    for (const [name, value] of Object.entries(changes)) {
      if (value) next.set(name, value);
      else next.delete(name);
    }
    setSearch(next, { replace: true });
  };
  const days = search.get("days") ?? "7";
  const day = search.get("day");
  const enterprise = me.enterprise_id ?? (Number(search.get("enterprise")) || null);
  const span = day ? { from: day, to: day } : { from: dayBefore(Number(days) - 1 || 0), to: dayBefore(0) };
  const board = useQuery(alarmQuality({ ...span, enterprise_id: enterprise }));
  return (
    <div className="page">
      <PageHead
        title={words.title}
        note={words.note}
        filters={
          <>
            <Segmented
              aria-label={words.period}
              value={day ? "" : days}
              onChange={(value) => show({ days: value, day: null })}
              options={Object.entries(words.periods).map(([value, label]) => ({ value, label }))}
            />
            {me.enterprise_id === null && (
              <span className="quality-owner">
                <OwnerPicker
                  kind="enterprise"
                  value={enterprise ?? undefined}
                  onChange={(id) => show({ enterprise: id === undefined ? null : String(id) })}
                />
              </span>
            )}
            {day && (
              <Button size="small" onClick={() => show({ day: null })}>
                {day} ✕
              </Button>
            )}
          </>
        }
      />
      {board.isPending ? (
        <Loading rows={8} />
      ) : board.isError && !board.data ? (
        <Failed error={board.error} retry={() => board.refetch()} />
      ) : board.data.enterprises === 0 ? (
        <Calm title={words.none} />
      ) : (
        <>
          <Figures board={board.data} />
          {board.data.annunciated + board.data.covered === 0 ? (
            <Calm title={words.quiet}>{words.quietMore}</Calm>
          ) : (
            <>
              {!day && (
                <Card title={words.days}>
                  <DayBars
                    days={board.data.days}
                    from={span.from}
                    to={span.to}
                    open={(one) => show({ day: one })}
                  />
                  <p className="faint">{words.daysNote}</p>
                </Card>
              )}
              <Alarms
                span={span}
                enterprise={enterprise}
                order={search.get("order") as AlarmOrder | null}
                show={show}
              />
            </>
          )}
          {enterprise === null && <Enterprises span={span} open={(id) => show({ enterprise: String(id) })} />}
        </>
      )}
    </div>
  );
}

function written(figure: QualityFigure, value: number, text: Catalogue): string {
  if (figure.unit === "percent") return `${measured(value)}%`;
  if (figure.unit === "seconds") return spanWords(value * 1_000, text);
  return measured(value);
}

function Figures({ board }: { board: AlarmQuality }) {
  const text = useText();
  const words = text.alarmQuality;
  const all = Object.values(board.priorities).reduce((sum, n) => sum + n, 0);
  return (
    <Card title={words.summary(count(board.annunciated), count(board.enterprises), count(board.positions))}>
      <ul className="quality-figures">
        {board.figures.map((figure) => (
          <li key={figure.measure} className={`quality-figure verdict-${figure.verdict}`}>
            <span className="quality-name">{words.measures[figure.measure] ?? figure.measure}</span>
            <strong className="number">
              {figure.value === null ? "–" : written(figure, figure.value, text)}
            </strong>
            <VerdictSign verdict={figure.verdict} />
            {figure.good !== null && figure.most !== null && (
              <span className="faint" title={figure.source}>
                {figure.good === 0 && figure.most > 0
                  ? words.fewer(written(figure, figure.most, text))
                  : words.target(written(figure, figure.good, text), written(figure, figure.most, text))}
              </span>
            )}
            <span className="faint quality-source">{figure.source}</span>
          </li>
        ))}
      </ul>
      <div className="quality-beside">
        <dl className="facts-list">
          {(["high", "medium", "low", "lamp"] as const).map((name) => (
            <div key={name} className="fact">
              <dt>
                {words.priorities} · {words.priority[name]}
              </dt>
              <dd>
                {count(board.priorities[name])}
                {all > 0 && (
                  <span className="faint"> {Math.round((100 * board.priorities[name]) / all)}%</span>
                )}
              </dd>
            </div>
          ))}
        </dl>
        <dl className="facts-list">
          <div className="fact">
            <dt>{words.floods}</dt>
            <dd>{words.floodWords(board.floods, board.flood_alarms)}</dd>
          </div>
          <div className="fact">
            <dt>{words.covered}</dt>
            <dd>{count(board.covered)}</dd>
          </div>
          <div className="fact">
            <dt>{words.coveredNow}</dt>
            <dd>
              <Link to="/covered">{count(board.covered_now)}</Link>
            </dd>
          </div>
          <div className="fact">
            <dt>{words.warnings}</dt>
            <dd>
              <Link to={`/warnings?state=all&kind=alarm&raised_from=${board.from}&raised_to=${board.to}`}>
                {count(board.warnings)}
              </Link>
              {board.false_alarms > 0 && (
                <span className="faint">
                  {" "}
                  {words.falseAlarms} {count(board.false_alarms)}
                </span>
              )}
            </dd>
          </div>
        </dl>
      </div>
      <p className="faint">{words.priorityNote}</p>
    </Card>
  );
}

interface Span {
  from: string;
  to: string;
}

function Alarms({
  span,
  enterprise,
  order: asked,
  show,
}: {
  span: Span;
  enterprise: number | null;
  order: AlarmOrder | null;
  show: (changes: Record<string, string | null>) => void;
}) {
  const text = useText();
  const words = text.alarmQuality;
  const order = asked ?? "annunciated";
  const list = useInfiniteQuery(qualityAlarms({ ...span, enterprise_id: enterprise, order }));
  const [tuned, setTuned] = useState<QualityAlarm | null>(null);
  const rows = list.data?.pages.flatMap((page) => page.items) ?? [];
  const limit = (row: QualityAlarm) => text.limitState[row.limit.toLowerCase()] ?? row.limit;
  const name = (row: QualityAlarm) => `${row.point_name ?? row.alarm} · ${limit(row)}`;
  const much: Record<AlarmOrder, Column<QualityAlarm>> = {
    annunciated: {
      key: "share",
      title: words.columns.share,
      width: "6rem",
      end: true,
      cell: (row) => `${measured(row.share)}%`,
    },
    chattering: {
      key: "chatters",
      title: words.columns.chatters,
      width: "7rem",
      end: true,
      cell: (row) => count(row.chatters),
    },
    stale: {
      key: "stale",
      title: words.columns.staleDays,
      width: "7rem",
      end: true,
      cell: (row) => count(row.stale_days),
    },
    covered: {
      key: "covered",
      title: words.columns.covered,
      width: "8rem",
      end: true,
      cell: (row) => count(row.covered),
    },
  };
  const columns: Column<QualityAlarm>[] = [
    {
      key: "alarm",
      title: words.columns.alarm,
      width: "minmax(12rem, 2fr)",
      cell: (row) => (
        <span>
          <strong>{name(row)}</strong> <span className="faint">{row.point_key ?? row.alarm}</span>
        </span>
      ),
    },
    ...(enterprise === null
      ? [
          {
            key: "enterprise",
            title: words.columns.enterprise,
            width: "minmax(8rem, 1.2fr)",
            cell: (row: QualityAlarm) => (
              <Link to={`/enterprises/${row.enterprise_id}`}>{row.enterprise_name}</Link>
            ),
          },
        ]
      : []),
    {
      key: "times",
      title: words.columns.times,
      width: "5rem",
      end: true,
      cell: (row) => count(row.annunciated),
    },
    much[order],
    {
      key: "stood",
      title: words.columns.stood,
      width: "7rem",
      end: true,
      cell: (row) => spanWords(row.stood_s * 1_000, text),
    },
    {
      key: "do",
      title: "",
      width: "12rem",
      end: true,
      cell: (row) =>
        row.point_id !== null &&
        TRYABLE.includes(row.limit) && (
          <span className="quality-do">
            <Button size="small" onClick={() => setTuned(row)}>
              {words.suggest}
            </Button>
            <Link to={`/back-test?point=${row.point_id}`}>{words.try}</Link>
          </span>
        ),
    },
  ];
  return (
    <Card
      title={words.alarms}
      extra={
        <Segmented
          aria-label={words.alarms}
          size="small"
          value={order}
          onChange={(value) => show({ order: value === "annunciated" ? null : value })}
          options={ORDERS.map((value) => ({ value, label: words.orders[value] }))}
        />
      }
    >
      {list.isPending ? (
        <Loading rows={5} />
      ) : list.isError && !list.data ? (
        <Failed error={list.error} retry={() => list.refetch()} />
      ) : rows.length === 0 ? (
        <p className="quiet-line">{words.noAlarms}</p>
      ) : (
        <>
          <Rows
            label={words.alarms}
            rows={rows}
            columns={columns}
            rowKey={(row) => `${row.gateway_id} ${row.alarm}`}
            name={name}
          />
          <More
            more={list.hasNextPage}
            busy={list.isFetchingNextPage}
            load={() => list.fetchNextPage()}
            total={rows.length}
          />
        </>
      )}
      {tuned?.point_id && (
        <Tune
          point={tuned.point_id}
          name={tuned.point_name ?? tuned.alarm}
          limit={tuned.limit}
          close={() => setTuned(null)}
        />
      )}
    </Card>
  );
}

function Enterprises({ span, open }: { span: Span; open: (id: number) => void }) {
  const text = useText();
  const words = text.alarmQuality.enterpriseColumns;
  const list = useInfiniteQuery(qualityEnterprises({ ...span }));
  const rows = list.data?.pages.flatMap((page) => page.items) ?? [];
  const number = (key: string, title: string, cell: (row: (typeof rows)[number]) => number) => ({
    key,
    title,
    width: "6.5rem",
    end: true,
    cell: (row: (typeof rows)[number]) => count(cell(row)),
  });
  return (
    <Card title={text.alarmQuality.enterprises}>
      {list.isPending ? (
        <Loading rows={5} />
      ) : list.isError && !list.data ? (
        <Failed error={list.error} retry={() => list.refetch()} />
      ) : (
        <>
          <Rows
            label={text.alarmQuality.enterprises}
            rows={rows}
            rowKey={(row) => row.id}
            name={(row) => row.name}
            columns={[
              {
                key: "name",
                title: words.name,
                width: "minmax(12rem, 2fr)",
                cell: (row) => (
                  <button type="button" className="quiet-link" onClick={() => open(row.id)}>
                    {row.name} <span className="faint">{row.region_name}</span>
                  </button>
                ),
              },
              {
                key: "per_day",
                title: words.perDay,
                width: "10rem",
                end: true,
                cell: (row) => (
                  <span>
                    {measured(row.per_day)} <VerdictSign verdict={row.verdict} />
                  </span>
                ),
              },
              number("total", words.total, (row) => row.annunciated),
              number("floods", words.floods, (row) => row.floods),
              number("peak", words.peak, (row) => row.peak_ten),
              number("stale", words.stale, (row) => row.stale),
              number("chattering", words.chattering, (row) => row.chattering),
              {
                key: "positions",
                title: words.positions,
                width: "6rem",
                end: true,
                cell: (row) => <Positions enterprise={row} />,
              },
            ]}
          />
          <More
            more={list.hasNextPage}
            busy={list.isFetchingNextPage}
            load={() => list.fetchNextPage()}
            total={rows.length}
          />
        </>
      )}
    </Card>
  );
}
