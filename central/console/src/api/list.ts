// Lists as every register of the centre speaks them: filters by name, `sort`, `limit`, `cursor`, `{items, next}`.

import { infiniteQueryOptions, keepPreviousData, type QueryKey } from "@tanstack/react-query";
import { get, withQuery } from "./client.ts";
import type { Page } from "./types.ts";

export type Filter = Record<string, string>;

/** The question of a list page: `listOf<AgencyRow>("agencies")`; its key begins with the path. */
export function listOf<Row>(path: string, limit = 50) {
  return (filter: Filter) =>
    infiniteQueryOptions({
      queryKey: [path, filter, limit] as QueryKey,
      queryFn: ({ signal, pageParam }) =>
        get<Page<Row>>(withQuery(`/api/v1/${path}`, { ...filter, limit, cursor: pageParam }), signal),
      initialPageParam: null as string | null,
      getNextPageParam: (page: Page<Row>) => page.next,
      placeholderData: keepPreviousData,
    });
}

export type ListQuery<Row> = (filter: Filter) => ReturnType<ReturnType<typeof listOf<Row>>>;
