// The list of warnings; its filter lives in the address, j/k/Enter/a/h work it by keyboard.

import { useQuery } from "@tanstack/react-query";
import { App } from "antd";
import { useNavigate } from "react-router";
import { withQuery } from "../api/client.ts";
import type { Filter } from "../api/list.ts";
import { overview, suppressed, suppressedList, warnings } from "../api/queries.ts";
import { LEVELS, type Level, type WarningRow } from "../api/types.ts";
import { midnight } from "../audit/days.ts";
import { coveredCount } from "../covered/counting.ts";
import { useText } from "../locales/index.tsx";
import { LevelShape } from "../parts/Level.tsx";
import { Link } from "../parts/Link.tsx";
import { ListPage } from "../parts/ListPage.tsx";
import { Calm, problemWords } from "../parts/States.tsx";
import { usePhone } from "../parts/usePhone.ts";
import { HiddenKinds, kindsShown } from "../settings/KindSwitches.tsx";
import { useSettings } from "../settings/useSettings.ts";
import { digestName } from "./digest.ts";
import { type GroupedRow, grouped } from "./grouping.ts";
import { PickedBar, usePicking } from "./picking.tsx";
import { StormPanel } from "./StormPanel.tsx";
import { takeOut } from "./takeOut.ts";
import { useWarningLook } from "./WarningRows.tsx";

const STATES = ["", "unanswered", "handled", "ended", "all"];
const RUNNING = ["", "unanswered", "answered"];
const HELD_BACK = "suppressed";

/** The parts of the filter that the centre takes as they are, and the days as moments. */
function asked({ kind, mine, q, digest, raised_from = "", raised_to = "" }: Filter): Filter {
  const days = { since: midnight(raised_from, 0), until: midnight(raised_to, 1) };
  return { kind: kind ?? "", mine: mine ?? "", q: q ?? "", digest: digest ?? "", ...days };
}

export function WarningList() {
  const text = useText();
  const phone = usePhone();
  const look = useWarningLook();
  const picking = usePicking();
  const { message } = App.useApp();
  const navigate = useNavigate();
  const held = useQuery(suppressed);
  const { settings } = useSettings();
  const shownKinds = kindsShown(text.levels.kinds, settings.hidden_kinds ?? []);
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
      query={({ state = "", level, enterprise, ...rest }) =>
        state === HELD_BACK
          ? suppressedList
          : warnings({
              ...asked({ ...rest, kind: rest.kind || shownKinds }),
              state: state || (rest.digest ? "all" : "open"),
              level,
              enterprise_id: enterprise,
              sort: RUNNING.includes(state) ? "-level" : "-raised_at",
              folded: "true",
            })
      }
      rows={phone ? look : { ...look, columns: [picking.column, ...look.columns] }}
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
          kind: "select",
          name: "kind",
          label: text.handling.kind,
          options: [
            { value: "", label: text.handling.anyKind },
            ...Object.entries(text.levels.kinds).map(([value, label]) => ({ value, label })),
          ],
        },
        {
          kind: "select",
          name: "mine",
          label: text.handling.whose,
          options: [
            { value: "", label: text.handling.whoseAll },
            { value: "true", label: text.handling.whoseMine },
          ],
        },
        { kind: "days", name: "raised", label: text.handling.raised },
        { kind: "text", name: "q", label: text.handling.search },
        {
          kind: "chip",
          name: "enterprise",
          words: (value, rows) =>
            text.warnings.onlyOf(
              rows.find((row) => String(row.enterprise_id) === value)?.enterprise_name ??
                text.warnings.thisEnterprise,
            ),
        },
        { kind: "chip", name: "digest", words: (value) => text.storm.ofDigest(digestName(value)) },
      ]}
      beside={(filter, set) => (
        <>
          {!filter.kind && <HiddenKinds />}
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
      keys={{ a: go("acknowledge"), h: go("handle"), x: picking.turn }}
      exportIt={({ state = "", level, enterprise, ...rest }) => {
        if (state === HELD_BACK) {
          message.info(text.handling.notTaken);
          return;
        }
        const path = withQuery("/api/v1/warnings/export.csv", {
          ...asked({ ...rest, kind: rest.kind || shownKinds }),
          state: state || (rest.digest ? "all" : "open"),
          level,
          enterprise_id: enterprise,
        });
        takeOut(path, `${text.warnings.title}.csv`).catch((error) =>
          message.error(problemWords(error, text), 6),
        );
      }}
      above={<StormPanel />}
      after={<PickedBar picked={picking.picked} none={picking.none} />}
      keysHelp={text.warnings.keys}
    />
  );
}
