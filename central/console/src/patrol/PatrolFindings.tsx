// What the patrol found and what of it still stands, each with its values and its warning.

import { type PatrolFinding, patrolFindings } from "../api/patrol.ts";
import { useText } from "../locales/index.tsx";
import { Link } from "../parts/Link.tsx";
import { ListPage } from "../parts/ListPage.tsx";
import { When } from "../parts/When.tsx";
import { tabs } from "./tabs.ts";

const CHECKS = ["stale", "range", "stuck", "swing", "rare"];

export function PatrolFindings() {
  const text = useText();
  const words = text.patrol;
  return (
    <ListPage<PatrolFinding>
      name="patrol-findings"
      title={words.findings}
      tabs={tabs(text)}
      query={patrolFindings}
      empty={words.emptyFindings}
      fields={[
        {
          kind: "select",
          name: "check",
          label: words.check,
          width: 190,
          options: [
            { value: "", label: words.anyCheck },
            ...CHECKS.map((value) => ({ value, label: words.checks[value] })),
          ],
        },
        {
          kind: "choice",
          name: "state",
          label: words.state,
          options: [
            { value: "", label: words.now },
            { value: "all", label: words.all },
          ],
        },
        {
          kind: "chip",
          name: "enterprise_id",
          words: (_, rows) => words.ofEnterprise(rows[0]?.enterprise_name ?? ""),
        },
        { kind: "chip", name: "point_id", words: (_, rows) => words.ofPoint(rows[0]?.point_name ?? "") },
      ]}
      rows={{
        rowKey: (row) => row.id,
        name: (row) => `${row.point_name} ${words.checks[row.check]}`,
        columns: [
          {
            key: "point",
            title: words.where,
            width: "minmax(12rem, 1.2fr)",
            always: true,
            cell: (row) => (
              <span className="two-lines">
                <strong>{row.point_name}</strong>
                <span className="faint">{row.point_key}</span>
              </span>
            ),
          },
          {
            key: "reason",
            title: words.reason,
            width: "minmax(16rem, 2fr)",
            always: true,
            cell: (row) => (
              <span className="two-lines">
                <strong>{words.checks[row.check]}</strong>
                <span className="faint">
                  {row.words}
                  {row.ended_at && ` ${words.over(row.end_words)}`}
                </span>
              </span>
            ),
          },
          {
            key: "enterprise",
            title: words.enterprise,
            width: "minmax(11rem, 1.2fr)",
            cell: (row) => <Link to={`/patrol/${row.enterprise_id}`}>{row.enterprise_name}</Link>,
          },
          {
            key: "since",
            title: words.since,
            width: "minmax(12rem, 1fr)",
            cell: (row) => <When at={row.since} />,
          },
          {
            key: "links",
            title: "",
            width: "8rem",
            cell: (row) => (
              <span className="two-lines">
                <Link to={`/trends?points=${row.point_id}`}>{words.trend}</Link>
                {row.warning_id && <Link to={`/warnings/${row.warning_id}`}>{words.warning}</Link>}
              </span>
            ),
          },
        ],
      }}
    />
  );
}
