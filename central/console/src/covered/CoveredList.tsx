// Everything that keeps silent in the jurisdiction: by whom, why, until when; what ends soon or never comes first.

import { useQuery } from "@tanstack/react-query";
import { useSearchParams } from "react-router";
import { overview } from "../api/queries.ts";
import type { Cover } from "../api/types.ts";
import { silentList } from "../api/windows.ts";
import { useText } from "../locales/index.tsx";
import { Link } from "../parts/Link.tsx";
import { ListPage } from "../parts/ListPage.tsx";
import { useCoveredLook } from "./CoveredRows.tsx";
import { coveredCount } from "./counting.ts";

const COVERS: readonly Cover[] = [
  "window",
  "false-alarm",
  "shelved",
  "out-of-service",
  "suppressed",
  "quality",
];

export function CoveredList() {
  const text = useText();
  const [search] = useSearchParams();
  const counts = useQuery(overview).data?.covered;
  const count: Record<Cover, number | undefined> = {
    window: counts?.windows,
    "false-alarm": counts?.false_alarms,
    shelved: counts?.shelved,
    "out-of-service": counts?.out_of_service,
    suppressed: counts?.suppressed,
    quality: counts?.quality,
  };
  const label = (words: string, n: number | null | undefined) =>
    n === undefined || n === null || search.get("enterprise") ? words : `${words} ${n}`;
  return (
    <ListPage
      name="covered"
      title={text.covered.title}
      query={({ cover, enterprise }) =>
        silentList({ ...(cover ? { cover } : {}), ...(enterprise ? { enterprise_id: enterprise } : {}) })
      }
      rows={useCoveredLook()}
      fields={[
        {
          kind: "choice",
          name: "cover",
          label: text.covered.kind,
          options: [
            { value: "", label: label(text.covered.any, coveredCount(counts)) },
            ...COVERS.map((value) => ({ value, label: label(text.covered.kinds[value], count[value]) })),
          ],
        },
        {
          kind: "chip",
          name: "enterprise",
          words: (_, rows) => text.warnings.onlyOf(rows[0]?.enterprise_name ?? text.warnings.thisEnterprise),
        },
      ]}
      note={text.covered.why}
      beside={() => (
        <Link className="quiet-link" to="/windows">
          {text.windows.title}
        </Link>
      )}
      empty={text.covered.empty}
      emptyAll={text.covered.emptyAll}
    />
  );
}
