// The list of warnings; its filter lives in the address, j/k/Enter/a/h work it by keyboard.

import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Button, Segmented, Select } from "antd";
import { useEffect, useState } from "react";
import { Link, useNavigate, useSearchParams } from "react-router";
import { overview, suppressed, warnings } from "../api/queries.ts";
import { LEVELS, type Level } from "../api/types.ts";
import { coveredCount } from "../covered/counting.ts";
import { useText } from "../locales/index.tsx";
import { LevelShape } from "../parts/Level.tsx";
import { useTitle } from "../parts/Page.tsx";
import { More } from "../parts/Rows.tsx";
import { Calm, Failed, Loading } from "../parts/States.tsx";
import { usePhone } from "../parts/usePhone.ts";
import { grouped } from "./grouping.ts";
import { WarningRows } from "./WarningRows.tsx";

const STATES = ["open", "unanswered", "handled", "ended", "all"];
const RUNNING = ["open", "unanswered", "answered"];
const HELD_BACK = "suppressed";

export function WarningList() {
  const text = useText();
  const phone = usePhone();
  const navigate = useNavigate();
  useTitle(text.warnings.title);
  const [search, setSearch] = useSearchParams();
  const state = search.get("state") ?? "open";
  const level = search.get("level") ?? "";
  const enterprise = search.get("enterprise") ?? "";
  const held = useQuery(suppressed);
  const counts = useQuery(overview);
  const listed = useInfiniteQuery({
    ...warnings({
      state,
      level,
      enterprise_id: enterprise,
      sort: RUNNING.includes(state) ? "-level" : "-raised_at",
    }),
    enabled: state !== HELD_BACK,
  });
  const list = state === HELD_BACK ? held : listed;
  const all =
    state === HELD_BACK ? (held.data?.items ?? []) : (listed.data?.pages.flatMap((page) => page.items) ?? []);
  const rows = grouped(all);
  const [chosen, setChosen] = useState(0);

  const filter = (name: string, value: string) => {
    const next = new URLSearchParams(search);
    if (value) next.set(name, value);
    else next.delete(name);
    setSearch(next, { replace: true });
    setChosen(0);
  };

  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const at = event.target as HTMLElement;
      if (event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|TEXTAREA|SELECT)$/.test(at.tagName))
        return;
      const row = rows[chosen];
      if (event.key === "j") setChosen((n) => Math.min(n + 1, rows.length - 1));
      else if (event.key === "k") setChosen((n) => Math.max(n - 1, 0));
      else if (event.key === "Enter" && row && !at.closest("a,button")) navigate(`/warnings/${row.id}`);
      else if ((event.key === "a" || event.key === "h") && row)
        navigate(`/warnings/${row.id}?do=${event.key === "a" ? "acknowledge" : "handle"}`);
      else return;
      event.preventDefault();
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, [rows, chosen, navigate]);

  useEffect(() => {
    document.querySelectorAll(".rows-row")[chosen]?.scrollIntoView({ block: "nearest" });
  }, [chosen]);

  const filtered = level !== "" || enterprise !== "" || state !== "open";
  return (
    <div className="page">
      <div className="page-head">
        <h1 className="page-title">{text.warnings.title}</h1>
        <div className="filters">
          <Segmented
            aria-label={text.warnings.stateFilter}
            value={state}
            onChange={(value) => filter("state", value === "open" ? "" : value)}
            options={[...STATES, ...(STATES.includes(state) ? [] : [state])].map((value) => ({
              value,
              label: text.warnings.states[value] ?? text.warnings.states.all,
            }))}
          />
          <Select
            aria-label={text.warnings.levelFilter}
            className="filter-level"
            value={level}
            onChange={(value) => filter("level", value)}
            options={[
              { value: "", label: text.warnings.anyLevel },
              ...LEVELS.map((value) => ({
                value,
                label: (
                  <span className={`level-word level-word-${value}`}>
                    <LevelShape level={value} /> {text.level[value]}
                  </span>
                ),
              })),
              ...(level.includes(",")
                ? [
                    {
                      value: level,
                      label: level
                        .split(",")
                        .map((one) => text.level[one as Level] ?? "")
                        .join("、"),
                    },
                  ]
                : []),
            ]}
          />
          {enterprise && (
            <Button onClick={() => filter("enterprise", "")} className="chip">
              {text.warnings.onlyOf(
                rows.find((row) => String(row.enterprise_id) === enterprise)?.enterprise_name ??
                  text.warnings.thisEnterprise,
              )}
              <span aria-hidden="true"> ✕</span>
            </Button>
          )}
          {state !== HELD_BACK && (
            <button type="button" className="quiet-link" onClick={() => filter("state", HELD_BACK)}>
              {text.warnings.suppressedList(held.data?.items.length ?? 0)}
            </button>
          )}
          <Link className="quiet-link" to={enterprise ? `/covered?enterprise=${enterprise}` : "/covered"}>
            {text.covered.link(coveredCount(counts.data?.covered))}
          </Link>
        </div>
      </div>
      <section className="card card-flush" aria-label={text.warnings.title}>
        {list.isPending ? (
          <Loading rows={6} />
        ) : list.isError && !list.data ? (
          <Failed error={list.error} retry={() => list.refetch()} />
        ) : rows.length === 0 ? (
          state === "open" && !level && !enterprise ? (
            <Calm title={text.warnings.emptyOpen}>{text.warnings.emptyOpenMore}</Calm>
          ) : (
            <Calm title={state === HELD_BACK ? text.warnings.emptySuppressed : text.warnings.empty}>
              {filtered && <Button onClick={() => setSearch({})}>{text.filters.clear}</Button>}
            </Calm>
          )
        ) : (
          <>
            <WarningRows rows={all} label={text.warnings.title} chosen={phone ? undefined : chosen} />
            <More
              more={state !== HELD_BACK && listed.hasNextPage}
              busy={listed.isFetchingNextPage}
              load={() => listed.fetchNextPage()}
              total={all.length}
            />
          </>
        )}
      </section>
      {!phone && rows.length > 0 && <p className="keys">{text.warnings.keys}</p>}
    </div>
  );
}
