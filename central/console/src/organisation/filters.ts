// The filters of lists whose rows belong to an office: words, an agency, or (from a link) an enterprise.

import { useMe } from "../identity/me.tsx";
import { useText } from "../locales/index.tsx";
import type { FilterField } from "../parts/FilterBar.tsx";
import { useAgencies } from "./choices.ts";

export function useOwnerFilters<Row>(search: string): FilterField<Row>[] {
  const text = useText().organisation;
  const me = useMe();
  const agencies = useAgencies();
  const words: FilterField<Row> = { kind: "text", name: "q", label: search };
  if (me.enterprise_id !== null) return [words];
  return [
    words,
    {
      kind: "select",
      name: "agency_id",
      label: text.agency,
      width: 200,
      options: [
        { value: "", label: text.anyAgency },
        ...agencies.map((each) => ({ value: String(each.id), label: each.name })),
      ],
    },
  ];
}
