// The tree of regions, opened level by level, and what is known of one: its way down, what it was, what it became.

import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Button, Checkbox, Input } from "antd";
import { useDeferredValue, useState } from "react";
import { type Region, region, regionsBelow, regionsFound } from "../api/regions.ts";
import { useText } from "../locales/index.tsx";
import { Details } from "../parts/Details.tsx";
import { Card, PageHead } from "../parts/Page.tsx";
import { Calm, Failed, Loading } from "../parts/States.tsx";
import { tabs } from "./tabs.ts";
import "../styles/regions.css";

export function Regions() {
  const text = useText();
  const words = text.regions;
  const [typed, setTyped] = useState("");
  const [ended, setEnded] = useState(false);
  const [chosen, setChosen] = useState<string | null>(null);
  const search = useDeferredValue(typed.trim());
  const found = useQuery(regionsFound(search, ended));
  const filters = (
    <>
      <Input.Search
        allowClear
        aria-label={words.search}
        placeholder={words.search}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
      <Checkbox checked={ended} onChange={(event) => setEnded(event.target.checked)}>
        {words.ended}
      </Checkbox>
    </>
  );
  return (
    <div className="page">
      <PageHead title={words.title} tabs={tabs(text)} filters={filters} note={words.note} />
      <div className="regions">
        <section className="card regions-tree" aria-label={words.title}>
          {search === "" ? (
            <Below parent={null} ended={ended} chosen={chosen} choose={setChosen} />
          ) : found.isError ? (
            <Failed error={found.error} retry={() => found.refetch()} />
          ) : found.data === undefined ? (
            <Loading />
          ) : found.data.length === 0 ? (
            <Calm title={words.none} />
          ) : (
            <ul>
              {found.data.map((one) => (
                <Branch key={one.code} one={one} ended={ended} chosen={chosen} choose={setChosen} />
              ))}
            </ul>
          )}
        </section>
        <Card label={words.title}>
          {chosen === null ? <Calm title={words.choose} /> : <One code={chosen} />}
        </Card>
      </div>
    </div>
  );
}

interface Choosing {
  ended: boolean;
  chosen: string | null;
  choose: (code: string) => void;
}

function Below({ parent, ...rest }: Choosing & { parent: string | null }) {
  const words = useText().regions;
  const list = useInfiniteQuery(regionsBelow(parent, rest.ended));
  if (list.isPending) return <Loading rows={2} />;
  if (list.isError) return <Failed error={list.error} retry={() => list.refetch()} />;
  const rows = list.data.pages.flatMap((page) => page.items);
  if (rows.length === 0 && parent === null) return <Calm title={words.noneYet} />;
  return (
    <ul>
      {rows.map((one) => (
        <Branch key={one.code} one={one} {...rest} />
      ))}
      {list.hasNextPage && (
        <li>
          <Button size="small" loading={list.isFetchingNextPage} onClick={() => list.fetchNextPage()}>
            {words.more}
          </Button>
        </li>
      )}
    </ul>
  );
}

function Branch({ one, ...rest }: Choosing & { one: Region }) {
  const words = useText().regions;
  const [open, setOpen] = useState(false);
  return (
    <li>
      <div className="regions-row" aria-current={rest.chosen === one.code ? "true" : undefined}>
        {one.children ? (
          <button
            type="button"
            className="regions-fold"
            aria-expanded={open}
            aria-label={one.name}
            onClick={() => setOpen(!open)}
          >
            {open ? "▾" : "▸"}
          </button>
        ) : (
          <span className="regions-fold" aria-hidden="true" />
        )}
        <button type="button" className="regions-name" onClick={() => rest.choose(one.code)}>
          {one.name} <span className="faint">{one.code}</span>
          {one.valid_to && <span className="faint"> · {words.gone}</span>}
        </button>
      </div>
      {open && <Below parent={one.code} {...rest} />}
    </li>
  );
}

const named = (rows: readonly Region[]) => rows.map((one) => `${one.name} ${one.code}`).join("、");

function One({ code }: { code: string }) {
  const words = useText().regions;
  const found = useQuery(region(code));
  if (found.isPending) return <Loading />;
  if (found.isError) return <Failed error={found.error} retry={() => found.refetch()} />;
  const one = found.data;
  return (
    <>
      <h2 className="regions-title">{one.name}</h2>
      <Details
        items={[
          [words.code, <code key="code">{one.code}</code>],
          [words.level, one.level_name],
          [
            words.path,
            one.path
              .slice(0, -1)
              .map((above) => above.name)
              .join(" / "),
          ],
          [words.validFrom, one.valid_from],
          [words.validTo, one.valid_to],
          [words.became, one.valid_to ? named(one.successors) || one.today.join("、") : null],
          [words.was, named(one.predecessors)],
          [words.source, one.source],
        ]}
      />
    </>
  );
}
