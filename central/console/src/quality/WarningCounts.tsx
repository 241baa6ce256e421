// Warnings of a week, month or year by enterprise, area, industry or event type; every number opens its list.

import { useInfiniteQuery } from "@tanstack/react-query";
import { App, Button, Segmented } from "antd";
import type { ReactNode } from "react";
import { useSearchParams } from "react-router";
import { withQuery } from "../api/client.ts";
import { type CountRow, warningCounts } from "../api/quality.ts";
import { useMe } from "../identity/me.tsx";
import { useText } from "../locales/index.tsx";
import { count, measured } from "../parts/figures.ts";
import { Link } from "../parts/Link.tsx";
import { Card, PageHead } from "../parts/Page.tsx";
import { type Column, More, Rows } from "../parts/Rows.tsx";
import { Failed, Loading, problemWords } from "../parts/States.tsx";
import { takeOut } from "../warning/takeOut.ts";
import "../styles/quality.css";

type By = "enterprise" | "area" | "sector" | "kind";
const PERIODS = ["week", "month", "year"] as const;
const DAY_MS = 86_400_000;

export function WarningCounts() {
  const text = useText();
  const words = text.warningCounts;
  const me = useMe();
  const { message } = App.useApp();
  const [search, setSearch] = useSearchParams();
  const show = (changes: Record<string, string | null>) => {
    const next = new URLSearchParams(search);
    for (const [name, value] of Object.entries(changes)) {
      if (value) next.set(name, value);
      else next.delete(name);
    }
    setSearch(next, { replace: true });
  };
  const tabs: readonly By[] = me.enterprise_id === null ? ["enterprise", "area", "sector", "kind"] : ["kind"];
  const by = (search.get("by") as By | null) ?? tabs[0] ?? "enterprise";
  const period = search.get("period") ?? "week";
  const asked = {
    by,
    period,
    day: search.get("day"),
    region: search.get("region"),
    sector: search.get("sector"),
    only: by === "enterprise" ? search.get("only") : null,
  };
  const list = useInfiniteQuery(warningCounts(asked));
  const first = list.data?.pages[0];
  const rows = list.data?.pages.flatMap((page) => page.items) ?? [];
  const step = (to: string | undefined, days: number) =>
    to && show({ day: new Date(Date.parse(to) + days * DAY_MS).toISOString().slice(0, 10) });
  const nameOf = (row: CountRow) =>
    by === "kind" ? ((text.levels.kinds as Record<string, string>)[row.key] ?? row.name) : row.name;
  /** The list of warnings that a number counts. */
  const listOf = (row: CountRow, state: string) => {
    const own: Record<string, string> = {
      enterprise: row.key,
      area: "",
      sector: "",
      kind: "",
      [by]: row.key,
    };
    return withQuery("/warnings", {
      state,
      raised_from: first?.from,
      raised_to: first?.to,
      enterprise: by === "enterprise" ? own.enterprise : null,
      areas: (by === "area" ? own.area : null) || asked.region,
      sectors: (by === "sector" ? own.sector : null) || asked.sector,
      kind: by === "kind" ? own.kind : null,
    });
  };
  /** The enterprises that a number counts: this page, one step down. */
  const companies = (row: CountRow, only: string) =>
    withQuery("/warning-statistics", {
      by: "enterprise",
      period,
      day: asked.day,
      only,
      region: by === "area" ? row.key : asked.region,
      sector: by === "sector" ? row.key : asked.sector,
    });
  const link = (to: string, n: number): ReactNode =>
    n === 0 ? <span className="faint">0</span> : <Link to={to}>{count(n)}</Link>;
  const number = (
    key: keyof typeof words.columns,
    cell: (row: CountRow) => ReactNode,
    width = "5.5rem",
  ): Column<CountRow> => ({ key, title: words.columns[key], width, end: true, cell });
  const columns: Column<CountRow>[] = [
    {
      key: "name",
      title: words.head[by] ?? "",
      width: "minmax(12rem, 2fr)",
      always: true,
      cell: (row) =>
        by === "enterprise" ? (
          <Link to={`/enterprises/${row.key}`}>{row.name}</Link>
        ) : by === "area" ? (
          <button
            type="button"
            className="quiet-link"
            onClick={() => show({ region: row.key, by: null, only: null })}
          >
            {row.name}
          </button>
        ) : (
          <strong>{nameOf(row)}</strong>
        ),
    },
    ...(by === "enterprise"
      ? [
          {
            key: "place",
            title: words.columns.place,
            width: "8rem",
            cell: (row: CountRow) => row.region_name,
          },
        ]
      : []),
    ...(by === "area" || by === "sector"
      ? [number("enterprises", (row) => link(companies(row, ""), row.enterprises))]
      : []),
    ...(by === "enterprise"
      ? []
      : [
          number("warned", (row) =>
            by === "kind" ? count(row.warned) : link(companies(row, "warned"), row.warned),
          ),
        ]),
    number("warnings", (row) => link(listOf(row, "all"), row.warnings)),
    number("handled", (row) => link(listOf(row, "settled"), row.handled)),
    number("unhandled", (row) => link(listOf(row, "open"), row.unhandled)),
    number("cleared", (row) => link(listOf(row, "cleared"), row.cleared)),
    number("rate", (row) =>
      row.rate === null ? <span className="faint">–</span> : `${measured(row.rate)}%`,
    ),
    ...(by === "area" || by === "sector"
      ? [number("withUnhandled", (row) => link(companies(row, "unhandled"), row.with_unhandled), "7rem")]
      : []),
  ];
  const take = () =>
    takeOut(withQuery("/api/v1/warning-statistics/export.csv", asked), `${words.title}.csv`).catch((error) =>
      message.error(problemWords(error, text), 6),
    );
  return (
    <div className="page">
      <PageHead
        title={words.title}
        note={words.note}
        actions={<Button onClick={take}>{text.parts.exportIt}</Button>}
        filters={
          <>
            {tabs.length > 1 && (
              <Segmented
                aria-label={words.title}
                value={by}
                onChange={(value) => show({ by: value === "enterprise" ? null : value, only: null })}
                options={tabs.map((value) => ({ value, label: words.by[value] }))}
              />
            )}
            <Segmented
              aria-label={words.period}
              value={period}
              onChange={(value) => show({ period: value === "week" ? null : value })}
              options={PERIODS.map((value) => ({ value, label: words.periods[value] }))}
            />
            <span className="count-steps">
              <Button onClick={() => step(first?.from, -1)}>{words.earlier}</Button>
              <Button
                onClick={() => step(first?.to, 1)}
                disabled={!first || Date.parse(first.to) > Date.now()}
              >
                {words.later}
              </Button>
            </span>
            {by === "enterprise" && (
              <Segmented
                aria-label={words.only}
                value={asked.only ?? ""}
                onChange={(value) => show({ only: value })}
                options={Object.entries(words.onlyOptions).map(([value, label]) => ({ value, label }))}
              />
            )}
            {asked.region && (
              <Button size="small" onClick={() => show({ region: null })}>
                {words.within(asked.region)} ✕
              </Button>
            )}
            {asked.sector && (
              <Button size="small" onClick={() => show({ sector: null })}>
                {words.ofSector(asked.sector)} ✕
              </Button>
            )}
          </>
        }
      />
      {list.isPending ? (
        <Loading rows={8} />
      ) : list.isError && !list.data ? (
        <Failed error={list.error} retry={() => list.refetch()} />
      ) : (
        first && (
          <>
            <Card title={words.span(first.from, first.to)}>
              <Total row={first.total} />
              {rows.length === 0 ? (
                <p className="quiet-line">{by === "kind" ? words.emptyKind : words.empty}</p>
              ) : (
                <>
                  <Rows
                    label={words.title}
                    rows={rows}
                    columns={columns}
                    rowKey={(row) => row.key}
                    name={nameOf}
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
            <Card title={words.trend} extra={<span className="faint">{words.legend}</span>}>
              <Periods periods={first.periods} open={(day) => show({ day })} />
            </Card>
          </>
        )
      )}
    </div>
  );
}

function Total({ row }: { row: CountRow }) {
  const words = useText().warningCounts.columns;
  const said: [string, string][] = [
    [words.warnings, count(row.warnings)],
    [words.handled, count(row.handled)],
    [words.unhandled, count(row.unhandled)],
    [words.cleared, count(row.cleared)],
    [words.rate, row.rate === null ? "–" : `${measured(row.rate)}%`],
    [words.warned, `${count(row.warned)} / ${count(row.enterprises)}`],
  ];
  return (
    <ul className="count-total">
      {said.map(([name, value]) => (
        <li key={name}>
          <strong className="number">{value}</strong>
          <span>{name}</span>
        </li>
      ))}
    </ul>
  );
}

interface PeriodsProps {
  periods: readonly { begin: string; warnings: number; handled: number }[];
  open: (day: string) => void;
}

function Periods({ periods, open }: PeriodsProps) {
  const text = useText();
  const most = Math.max(1, ...periods.map((one) => one.warnings));
  if (periods.length === 0) return <p className="quiet-line">{text.warningCounts.emptyKind}</p>;
  return (
    <ol
      className="day-bars"
      style={{ gridTemplateColumns: `repeat(${Math.max(periods.length, 6)}, minmax(2px, 1fr))` }}
    >
      {periods.map((one) => {
        const said = text.warningCounts.trendWords(one.begin, one.warnings, one.handled);
        return (
          <li key={one.begin}>
            <button
              type="button"
              className="day-bar"
              title={said}
              aria-label={said}
              onClick={() => open(one.begin)}
            >
              <span className="day-many">{count(one.warnings)}</span>
              <i
                className="bar-rest"
                style={{ height: `${(100 * (one.warnings - one.handled)) / most}%` }}
                aria-hidden="true"
              />
              <i style={{ height: `${(100 * one.handled) / most}%` }} aria-hidden="true" />
            </button>
            <span className="day-name">{one.begin.slice(2)}</span>
          </li>
        );
      })}
    </ol>
  );
}
