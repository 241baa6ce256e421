// The areas and industries that the pages may be narrowed to: those in which somebody of the jurisdiction works.

import { queryOptions } from "@tanstack/react-query";
import { getWide } from "./client.ts";

export interface AreaChoice {
  code: string;
  name: string;
  /** The area around it that is offered too. */
  parent: string | null;
}

export interface SectorChoice {
  code: string;
  name: string;
}

export interface ViewChoices {
  areas: AreaChoice[];
  sectors: SectorChoice[];
}

export const viewChoices = queryOptions({
  queryKey: ["view-choices"],
  queryFn: ({ signal }) => getWide<ViewChoices>("/api/v1/view-choices", signal),
  staleTime: 10 * 60_000,
});
