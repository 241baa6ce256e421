// All enterprises of the jurisdiction, searched and filtered in the address.

import { useInfiniteQuery } from "@tanstack/react-query";
import { Button, Input, Segmented } from "antd";
import { useEffect, useState } from "react";
import { useSearchParams } from "react-router";
import { enterprises } from "../api/queries.ts";
import { useText } from "../locales/index.tsx";
import { useTitle } from "../parts/Page.tsx";
import { More } from "../parts/Rows.tsx";
import { Calm, Failed, Loading } from "../parts/States.tsx";
import { EnterpriseRows } from "./EnterpriseRows.tsx";

export function EnterpriseList() {
  const text = useText();
  useTitle(text.enterprises.title);
  const [search, setSearch] = useSearchParams();
  const state = search.get("state") ?? "";
  const q = search.get("q") ?? "";
  const [typed, setTyped] = useState(q);
  const list = useInfiniteQuery(enterprises({ q, state }));
  const rows = list.data?.pages.flatMap((page) => page.items) ?? [];

  const filter = (name: string, value: string) => {
    const next = new URLSearchParams(search);
    if (value) next.set(name, value);
    else next.delete(name);
    setSearch(next, { replace: true });
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what is typed starts the wait
  useEffect(() => {
    if (typed === q) return;
    const wait = setTimeout(() => filter("q", typed.trim()), 300);
    return () => clearTimeout(wait);
  }, [typed]);

  return (
    <div className="page">
      <div className="page-head">
        <h1 className="page-title">{text.enterprises.title}</h1>
        <div className="filters">
          <Input.Search
            className="filter-search"
            allowClear
            aria-label={text.enterprises.search}
            placeholder={text.enterprises.search}
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
            onSearch={(value) => filter("q", value.trim())}
          />
          <Segmented
            aria-label={text.enterprises.state}
            value={state}
            onChange={(value) => filter("state", value)}
            options={[
              { value: "", label: text.enterprises.anyState },
              { value: "warning", label: text.enterprises.withOpen },
              { value: "offline", label: text.enterprises.offline },
              { value: "normal", label: text.enterprises.normal },
            ]}
          />
        </div>
      </div>
      <section className="card card-flush" aria-label={text.enterprises.title}>
        {list.isPending ? (
          <Loading rows={6} />
        ) : list.isError && !list.data ? (
          <Failed error={list.error} retry={() => list.refetch()} />
        ) : rows.length === 0 ? (
          <Calm title={q || state ? text.enterprises.empty : text.enterprises.emptyAll}>
            {(q || state) && (
              <Button
                onClick={() => {
                  setTyped("");
                  setSearch({});
                }}
              >
                {text.filters.clear}
              </Button>
            )}
          </Calm>
        ) : (
          <>
            <EnterpriseRows rows={rows} />
            <More
              more={list.hasNextPage}
              busy={list.isFetchingNextPage}
              load={() => list.fetchNextPage()}
              total={rows.length}
            />
          </>
        )}
      </section>
    </div>
  );
}
