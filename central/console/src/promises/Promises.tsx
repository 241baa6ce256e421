// The board of daily safety promises: an official sees who gave one and who did not, an enterprise its own.

import { useQuery } from "@tanstack/react-query";
import { useSearchParams } from "react-router";
import { listOf } from "../api/list.ts";
import { type PromiseLine, type PromiseTownship, promiseDay } from "../api/promises.ts";
import { useMe } from "../identity/me.tsx";
import { type Catalogue, useText } from "../locales/index.tsx";
import { count } from "../parts/figures.ts";
import { ListPage } from "../parts/ListPage.tsx";
import { Card, PageHead } from "../parts/Page.tsx";
import type { RowLook } from "../parts/Rows.tsx";
import { When } from "../parts/When.tsx";
import { Month } from "./Month.tsx";
import { Today } from "./Today.tsx";
import "./promises.css";

const query = listOf<PromiseLine>("promises");

export function Promises() {
  const me = useMe();
  return me.enterprise_id === null ? <Board /> : <Own enterprise={me.enterprise_id} />;
}

function Own({ enterprise }: { enterprise: number }) {
  const text = useText();
  return (
    <div className="page">
      <PageHead title={text.promises.title} />
      <Today />
      <Month enterprise={enterprise} />
    </div>
  );
}

function Board() {
  const text = useText();
  const words = text.promises;
  const [search, setSearch] = useSearchParams();
  const day = search.get("day") ?? "";
  const counts = useQuery(promiseDay(day));
  const set = (name: string, value: string) => {
    const next = new URLSearchParams(search);
    if (value) next.set(name, value);
    else next.delete(name);
    setSearch(next, { replace: true });
  };
  const states = ["", "missing", "promised", "submitted", "stopped"] as const;
  const labels = {
    "": words.every,
    missing: words.missing,
    promised: words.promised,
    submitted: words.waiting,
    stopped: words.stopped,
  };
  return (
    <div className="page">
      <PageHead
        title={words.title}
        note={words.note}
        filters={
          <input
            className="promise-day"
            type="date"
            aria-label={words.day}
            value={day || (counts.data?.today ?? "")}
            max={counts.data?.today}
            onChange={(event) => set("day", event.target.value)}
          />
        }
      />
      {counts.data && <Counts towns={counts.data.townships} choose={(code) => set("region", code)} />}
      <ListPage<PromiseLine>
        within
        name="promises"
        title={words.title}
        query={query}
        rows={look(text)}
        fixed={day ? { day } : undefined}
        fields={[
          {
            kind: "choice",
            name: "state",
            label: words.state,
            options: states.map((value) => ({ value, label: labels[value] })),
          },
          {
            kind: "chip",
            name: "region",
            words: (code) => counts.data?.townships.find((town) => town.region_code === code)?.name ?? code,
          },
          { kind: "text", name: "q", label: words.search },
        ]}
        empty={words.empty}
        emptyAll={words.emptyAll}
      />
    </div>
  );
}

function Counts({ towns, choose }: { towns: PromiseTownship[]; choose: (code: string) => void }) {
  const words = useText().promises;
  const sum = (of: (town: PromiseTownship) => number) => towns.reduce((all, town) => all + of(town), 0);
  const figures = [
    [words.owed, sum((town) => town.owed)],
    [words.promised, sum((town) => town.promised)],
    [words.missing, sum((town) => town.missing)],
    [words.waiting, sum((town) => town.waiting)],
  ] as const;
  return (
    <Card>
      <dl className="promise-figures">
        {figures.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{count(value)}</dd>
          </div>
        ))}
      </dl>
      {towns.length > 1 && (
        <ul className="promise-towns" aria-label={words.townships}>
          {towns.map((town) => (
            <li key={town.region_code}>
              <button type="button" onClick={() => choose(town.region_code)}>
                <span>{town.name || town.region_code}</span>
                <progress max={Math.max(town.owed, 1)} value={town.promised} />
                <span className="faint">
                  {town.promised} / {town.owed}
                </span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

function look(text: Catalogue): RowLook<PromiseLine> {
  const words = text.promises;
  const owing = (row: PromiseLine) => ["missing", "draft", "returned"].includes(row.state);
  const state = (row: PromiseLine) => (
    <span className={owing(row) ? "promise-owing" : ""}>{words.states[row.state]}</span>
  );
  const units = (row: PromiseLine) =>
    row.units === null ? "" : `${row.running} / ${row.stopped} / ${row.repair} / ${row.units}`;
  return {
    rowKey: (row) => row.enterprise_id,
    name: (row) => row.enterprise_name,
    to: (row) =>
      row.record_id === null
        ? `/enterprises/${row.enterprise_id}`
        : `/registers/safety-promises/${row.record_id}`,
    columns: [
      {
        key: "enterprise",
        title: words.enterprise,
        width: "minmax(12rem, 2fr)",
        always: true,
        cell: (row) => (
          <span className="two-lines">
            <strong>{row.enterprise_name}</strong>
            <span className="faint">{row.region_name}</span>
          </span>
        ),
      },
      { key: "state", title: words.state, width: "minmax(7rem, .9fr)", always: true, cell: state },
      { key: "units", title: words.units, width: "minmax(9rem, 1.1fr)", cell: units },
      {
        key: "special",
        title: words.special,
        width: "6rem",
        cell: (row) => (row.special_work === null ? "" : row.special_work ? words.yes : words.no),
      },
      {
        key: "responsible",
        title: words.responsible,
        width: "minmax(5rem, .7fr)",
        cell: (row) => row.responsible,
      },
      {
        key: "at",
        title: words.at,
        width: "minmax(10rem, 1.1fr)",
        cell: (row) => (row.submitted_at ? <When at={row.submitted_at} brief /> : ""),
      },
    ],
  };
}
