// Enterprises by the score of their data, the worst first.

import { useQuery } from "@tanstack/react-query";
import { patrolCounts, patrolledEnterprises, type ScoredEnterprise } from "../api/patrol.ts";
import { useText } from "../locales/index.tsx";
import { ListPage } from "../parts/ListPage.tsx";
import { Age } from "../parts/When.tsx";
import "../styles/patrol.css";
import { RunFigures, Score } from "./RunFigures.tsx";
import { points, tabs } from "./tabs.ts";

function Change({ row }: { row: ScoredEnterprise }) {
  const words = useText().patrol;
  if (row.score_before === null) return <>{words.first}</>;
  const by = row.score - row.score_before;
  if (Math.abs(by) < 0.05) return <>{words.same}</>;
  return <>{by > 0 ? words.better(points(by)) : words.worse(points(-by))}</>;
}

export function PatrolList() {
  const text = useText();
  const words = text.patrol;
  const counts = useQuery(patrolCounts).data ?? [];
  return (
    <ListPage<ScoredEnterprise>
      name="patrol"
      title={words.title}
      note={words.note}
      tabs={tabs(text)}
      query={patrolledEnterprises}
      empty={words.empty}
      emptyAll={words.emptyAll}
      fields={[
        { kind: "text", name: "q", label: words.search },
        {
          kind: "select",
          name: "check",
          label: words.check,
          width: 190,
          options: [
            { value: "", label: words.anyCheck },
            ...counts.map((count) => ({
              value: count.check,
              label: `${words.checks[count.check]} ${count.many}`,
            })),
          ],
        },
        {
          kind: "select",
          name: "hazard_class",
          label: words.hazard,
          options: [
            { value: "", label: words.anyHazard },
            ...["1", "2", "3", "4"].map((value) => ({ value, label: words.hazardClass(value) })),
          ],
        },
      ]}
      rows={{
        rowKey: (row) => row.enterprise_id,
        name: (row) => row.enterprise_name,
        to: (row) => `/patrol/${row.enterprise_id}`,
        columns: [
          {
            key: "enterprise",
            title: words.enterprise,
            width: "minmax(13rem, 1.6fr)",
            always: true,
            cell: (row) => (
              <span className="two-lines">
                <strong>{row.enterprise_name}</strong>
                <span className="faint">
                  {row.region_name}
                  {row.hazard_class ? ` · ${words.hazard}${words.hazardClass(row.hazard_class)}` : ""}
                </span>
              </span>
            ),
          },
          {
            key: "score",
            title: words.score,
            width: "9rem",
            always: true,
            cell: (row) => (
              <span className="two-lines">
                <Score value={row.score} />
                <span className="faint">
                  <Change row={row} />
                </span>
              </span>
            ),
          },
          {
            key: "standing",
            title: words.standing,
            width: "6rem",
            end: true,
            cell: (row) => row.standing,
          },
          { key: "points", title: words.points, width: "5rem", end: true, cell: (row) => row.points },
          {
            key: "state",
            title: words.runState,
            width: "minmax(20rem, 1.8fr)",
            cell: (row) => <RunFigures state={row.run_state} brief />,
          },
          {
            key: "judged",
            title: words.judged,
            width: "7rem",
            cell: (row) => <Age at={row.judged_at} />,
          },
        ],
      }}
    />
  );
}
