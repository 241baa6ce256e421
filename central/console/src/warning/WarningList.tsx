// The list of warnings; its filter lives in the address, j/k/Enter/a/h work it by keyboard.

import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "react-router";
import { overview, suppressed, suppressedList, warnings } from "../api/queries.ts";
import { LEVELS, type Level, type WarningRow } from "../api/types.ts";
import { coveredCount } from "../covered/counting.ts";
import { useText } from "../locales/index.tsx";
import { LevelShape } from "../parts/Level.tsx";
import { Link } from "../parts/Link.tsx";
import { ListPage } from "../parts/ListPage.tsx";
import { Calm } from "../parts/States.tsx";
import { type GroupedRow, grouped } from "./grouping.ts";
import { useWarningLook } from "./WarningRows.tsx";

const STATES = ["", "unanswered", "handled", "ended", "all"];
const RUNNING = ["", "unanswered", "answered"];
const HELD_BACK = "suppressed";

export function WarningList() {
  const text = useText();
  const navigate = useNavigate();
  const held = useQuery(suppressed);
  const counts = useQuery(overview);
  const go = (action: string) => (row: GroupedRow) => navigate(`/warnings/${row.id}?do=${action}`);
  const levels = (value: string) =>
    value
      .split(",")
      .map((one) => text.level[one as Level] ?? "")
      .join("、");
  return (
    <ListPage<GroupedRow, WarningRow>
      name="warnings"
      title={text.warnings.title}
      query={({ state = "", level, enterprise }) =>
        state === HELD_BACK
          ? suppressedList
          : warnings({
              state: state || "open",
              level,
              enterprise_id: enterprise,
              sort: RUNNING.includes(state) ? "-level" : "-raised_at",
            })
      }
      rows={useWarningLook()}
      arrange={grouped}
      fields={[
        {
          kind: "choice",
          name: "state",
          label: text.warnings.stateFilter,
          options: STATES.map((value) => ({
            value,
            label: text.warnings.states[value || "open"] ?? value,
          })),
          // States that only links lead to show themselves once one has come by one.
          further: (value) => text.warnings.states[value] ?? text.warnings.states.all ?? "",
        },
        {
          kind: "select",
          name: "level",
          label: text.warnings.levelFilter,
          options: [
            { value: "", label: text.warnings.anyLevel },
            ...LEVELS.map((value) => ({
              value,
              label: (
                <span className={`level-word level-word-${value}`}>
                  <LevelShape level={value} /> {text.level[value]}
                </span>
              ),
            })),
          ],
          further: levels,
        },
        {
          kind: "chip",
          name: "enterprise",
          words: (value, rows) =>
            text.warnings.onlyOf(
              rows.find((row) => String(row.enterprise_id) === value)?.enterprise_name ??
                text.warnings.thisEnterprise,
            ),
        },
      ]}
      beside={(filter, set) => (
        <>
          {filter.state !== HELD_BACK && (
            <button type="button" className="quiet-link" onClick={() => set({ state: HELD_BACK })}>
              {text.warnings.suppressedList(held.data?.items.length ?? 0)}
            </button>
          )}
          <Link
            className="quiet-link"
            to={filter.enterprise ? `/covered?enterprise=${filter.enterprise}` : "/covered"}
          >
            {text.covered.link(coveredCount(counts.data?.covered))}
          </Link>
        </>
      )}
      empty={text.warnings.empty}
      emptyAll={<Calm title={text.warnings.emptyOpen}>{text.warnings.emptyOpenMore}</Calm>}
      keys={{ a: go("acknowledge"), h: go("handle") }}
      keysHelp={text.warnings.keys}
    />
  );
}
