// Roles, the operations they may hold, and sectors.

import { queryOptions } from "@tanstack/react-query";
import { get } from "./client.ts";

export interface Role {
  code: string;
  name: string;
  kind: string;
  kind_name: string;
  built_in: boolean;
  data_scope: string;
  data_scope_name: string;
  /** null: every sector. */
  sectors: string[] | null;
  operations: string[];
  note: string;
  version: number;
  accounts: number;
  may_edit: boolean;
  may_give: boolean;
}

export interface Operation {
  word: string;
  name: string;
  name_en: string;
  /** Kinds of roles that may ever hold it, and those of them to whose roles one may add it. */
  kinds: string[];
  grantable: string[];
}

export interface Subsystem {
  code: string;
  name: string;
  name_en: string;
  operations: Operation[];
}

export interface RoleKind {
  code: string;
  name: string;
  name_en: string;
  data_scopes: string[];
}

export interface RoleParts {
  subsystems: Subsystem[];
  kinds: RoleKind[];
  data_scopes: { code: string; name: string; name_en: string }[];
}

export interface Sector {
  code: string;
  name: string;
}

export const roleParts = queryOptions({
  queryKey: ["operations"],
  queryFn: ({ signal }) => get<RoleParts>("/api/v1/operations", signal),
  staleTime: 300_000,
});

export const sectors = queryOptions({
  queryKey: ["sectors"],
  queryFn: ({ signal }) => get<{ items: Sector[] }>("/api/v1/sectors", signal),
  staleTime: 300_000,
});
