// What the forms of the organisation choose from: agencies, enterprises, departments, posts, people, roles.

import { queryOptions, useQuery } from "@tanstack/react-query";
import { get, withQuery } from "../api/client.ts";
import type { Account, Agency, Department, Intermediary, Post, Staff, Unit } from "../api/organisation.ts";
import type { Page } from "../api/types.ts";

const MOST = 500;

/** Everything of a list that fits one page: what is longer is searched for on its own page. */
function all<Row>(path: string, filter: Record<string, string | number | null | undefined> = {}) {
  return queryOptions({
    queryKey: ["choice", path, filter],
    queryFn: async ({ signal }) =>
      (await get<Page<Row>>(withQuery(`/api/v1/${path}`, { ...filter, limit: MOST }), signal)).items,
    staleTime: 30_000,
  });
}

export interface RoleChoice {
  code: string;
  name: string;
  kind: string;
  may_give: boolean;
}

interface Named {
  id: number;
  name: string;
}

export interface Owner {
  agency_id?: number | null;
  enterprise_id?: number | null;
}

export interface Option {
  value: number;
  label: string;
}

const named = (rows: readonly Named[] | undefined): Option[] =>
  (rows ?? []).map((row) => ({ value: row.id, label: row.name }));

export const useAgencies = () => useQuery(all<Agency>("agencies")).data ?? [];
export const useAgencyOptions = () => named(useAgencies());
export const useEnterpriseOptions = (wanted = true) =>
  named(useQuery({ ...all<Named>("enterprises"), enabled: wanted }).data);
export const useDepartmentOptions = (owner: Owner | null) =>
  named(useQuery({ ...all<Department>("departments", { ...owner }), enabled: owner !== null }).data);
export const usePostOptions = (owner: Owner | null) =>
  named(useQuery({ ...all<Post>("posts", { ...owner }), enabled: owner !== null }).data);
export const useStaffOptions = (owner: Owner | null) =>
  named(useQuery({ ...all<Staff>("staff", { ...owner }), enabled: owner !== null }).data);
export const useUnitOptions = (wanted = true) =>
  named(useQuery({ ...all<Unit>("committee-units"), enabled: wanted }).data);
export const useIntermediaryOptions = (wanted = true) =>
  named(useQuery({ ...all<Intermediary>("intermediaries"), enabled: wanted }).data);
export const useRoles = () => useQuery(all<RoleChoice>("roles")).data ?? [];

export function useAccountOptions(owner: Owner | null, wanted: boolean): Option[] {
  const found = useQuery({
    ...all<Account>("accounts", { ...owner }),
    enabled: wanted && owner !== null,
  });
  return (found.data ?? []).map((row) => ({ value: row.id, label: `${row.display_name}（${row.login}）` }));
}
