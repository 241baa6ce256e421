// What is due: papers that end and forms that are owed, by their day.

import { listOf } from "../api/list.ts";
import type { Due } from "../api/promises.ts";
import { type Catalogue, useText } from "../locales/index.tsx";
import { useNow } from "../parts/clock.ts";
import { Link } from "../parts/Link.tsx";
import { ListPage } from "../parts/ListPage.tsx";
import type { RowLook } from "../parts/Rows.tsx";
import "./promises.css";

const query = listOf<Due>("reminders");
const DAY_MS = 86_400_000;
const CHINA_MS = 8 * 3_600_000;

export function Reminders() {
  const text = useText();
  const words = text.reminders;
  return (
    <ListPage<Due>
      name="reminders"
      title={words.title}
      note={words.note}
      query={query}
      rows={look(text)}
      fields={[
        {
          kind: "choice",
          name: "state",
          label: words.state,
          options: [
            { value: "", label: words.every },
            { value: "late", label: words.late },
            { value: "near", label: words.near },
          ],
        },
        {
          kind: "chip",
          name: "register",
          words: (value, rows) => words.onlyRegister(rows[0]?.register_title ?? value),
        },
      ]}
      empty={words.empty}
      emptyAll={words.emptyAll}
    />
  );
}

function address(row: Due): string {
  if (row.register === "safety-promises") return "/promises";
  if (row.record_id !== null) return `/registers/${row.register}/${row.record_id}`;
  return row.enterprise_id === null ? `/registers/${row.register}` : `/enterprises/${row.enterprise_id}`;
}

function look(text: Catalogue): RowLook<Due> {
  const words = text.reminders;
  return {
    rowKey: (row) => row.id,
    name: (row) => `${row.words} ${row.title}`,
    to: address,
    columns: [
      {
        key: "what",
        title: words.what,
        width: "minmax(14rem, 2fr)",
        always: true,
        cell: (row) => (
          <span className="two-lines">
            <strong>{row.title ? `${row.register_title}「${row.title}」` : row.register_title}</strong>
            <span className="faint">{row.words}</span>
          </span>
        ),
      },
      {
        key: "owner",
        title: words.owner,
        width: "minmax(10rem, 1.4fr)",
        cell: (row) => row.owner_name,
      },
      {
        key: "due",
        title: words.due,
        width: "minmax(9rem, 1fr)",
        always: true,
        cell: (row) => <Left day={row.due_on} />,
      },
      {
        key: "warning",
        title: words.warning,
        width: "6rem",
        cell: (row) =>
          row.warning_id && (
            <Link className="over" to={`/warnings/${row.warning_id}`}>
              {words.warning}
            </Link>
          ),
      },
    ],
  };
}

function Left({ day }: { day: string }) {
  const words = useText().reminders;
  // The day of the jurisdiction, whatever this machine's zone is.
  const today = Math.floor((useNow() + CHINA_MS) / DAY_MS);
  const left = Math.floor(Date.parse(`${day}T00:00:00Z`) / DAY_MS) - today;
  return (
    <span className="two-lines">
      <span>{day}</span>
      <span className={left < 0 ? "promise-owing" : "faint"}>
        {left < 0 ? words.lateDays(-left) : words.leftDays(left)}
      </span>
    </span>
  );
}
