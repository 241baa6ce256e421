// Everything that keeps silent in the jurisdiction: by whom, why, until when; what ends soon or never comes first.

import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Button, Segmented } from "antd";
import { useSearchParams } from "react-router";
import { covered, overview } from "../api/queries.ts";
import type { Cover } from "../api/types.ts";
import { useText } from "../locales/index.tsx";
import { useTitle } from "../parts/Page.tsx";
import { More } from "../parts/Rows.tsx";
import { Calm, Failed, Loading } from "../parts/States.tsx";
import { CoveredRows } from "./CoveredRows.tsx";
import { coveredCount } from "./counting.ts";

const COVERS: readonly Cover[] = ["shelved", "out-of-service", "suppressed", "quality"];

export function CoveredList() {
  const text = useText();
  useTitle(text.covered.title);
  const [search, setSearch] = useSearchParams();
  const cover = search.get("cover") ?? "";
  const enterprise = search.get("enterprise") ?? "";
  const list = useInfiniteQuery(covered({ cover, enterprise_id: enterprise }));
  const counts = useQuery(overview).data?.covered;
  const rows = list.data?.pages.flatMap((page) => page.items) ?? [];
  const filter = (name: string, value: string) => {
    const next = new URLSearchParams(search);
    if (value) next.set(name, value);
    else next.delete(name);
    setSearch(next, { replace: true });
  };
  const count: Record<Cover, number | undefined> = {
    shelved: counts?.shelved,
    "out-of-service": counts?.out_of_service,
    suppressed: counts?.suppressed,
    quality: counts?.quality,
  };
  const label = (words: string, n: number | null | undefined) =>
    n === undefined || n === null || enterprise ? words : `${words} ${n}`;
  return (
    <div className="page">
      <div className="page-head">
        <h1 className="page-title">{text.covered.title}</h1>
        <div className="filters">
          <Segmented
            aria-label={text.covered.kind}
            value={cover}
            onChange={(value) => filter("cover", value)}
            options={[
              { value: "", label: label(text.covered.any, coveredCount(counts)) },
              ...COVERS.map((value) => ({ value, label: label(text.covered.kinds[value], count[value]) })),
            ]}
          />
          {enterprise && (
            <Button onClick={() => filter("enterprise", "")} className="chip">
              {text.warnings.onlyOf(rows[0]?.enterprise_name ?? text.warnings.thisEnterprise)}
              <span aria-hidden="true"> ✕</span>
            </Button>
          )}
        </div>
      </div>
      <p className="faint covered-why">{text.covered.why}</p>
      <section className="card card-flush" aria-label={text.covered.title}>
        {list.isPending ? (
          <Loading rows={6} />
        ) : list.isError && !list.data ? (
          <Failed error={list.error} retry={() => list.refetch()} />
        ) : rows.length === 0 ? (
          <Calm title={cover || enterprise ? text.covered.empty : text.covered.emptyAll}>
            {(cover || enterprise) && <Button onClick={() => setSearch({})}>{text.filters.clear}</Button>}
          </Calm>
        ) : (
          <>
            <CoveredRows rows={rows} />
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
