// Device abnormal records: every time that a device was offline or abnormal, those that last still included.

import type { DeviceKind, PeriodRow } from "../api/connection.ts";
import { type Filter, listOf } from "../api/list.ts";
import { midnight } from "../audit/days.ts";
import { useText } from "../locales/index.tsx";
import { instrumentName } from "../parts/instrument.ts";
import { ListPage } from "../parts/ListPage.tsx";
import { spanWords } from "../parts/time.ts";
import { When } from "../parts/When.tsx";
import { StateWord } from "./StateWord.tsx";
import { useConnectionTabs } from "./tabs.ts";
import { useTakeOut } from "./takeOut.ts";

const KINDS: readonly DeviceKind[] = ["gateway", "instrument", "camera"];

/** The filter as the centre takes it: days as moments. */
function asked({ began_from = "", began_to = "", ...rest }: Filter): Filter {
  return { ...rest, since: midnight(began_from, 0), until: midnight(began_to, 1) };
}

const list = listOf<PeriodRow>("device-periods");

export function Periods() {
  const text = useText();
  const words = text.connection;
  const tabs = useConnectionTabs();
  const exportIt = useTakeOut("device-periods", words.tabs.periods);
  return (
    <ListPage<PeriodRow>
      name="device-periods"
      title={words.tabs.periods}
      tabs={tabs}
      note={words.note}
      query={(filter) => list(asked(filter))}
      exportIt={(filter) => exportIt(asked(filter))}
      fields={[
        {
          kind: "select",
          name: "state",
          label: words.state,
          options: [
            { value: "", label: words.allStates },
            { value: "offline", label: words.states.offline },
            { value: "abnormal", label: words.states.abnormal },
          ],
        },
        {
          kind: "select",
          name: "open",
          label: words.running,
          options: Object.entries(words.runningChoices).map(([value, label]) => ({
            value,
            label: value ? label : `${words.running} ${label}`,
          })),
        },
        {
          kind: "select",
          name: "kind",
          label: words.kind,
          options: [
            { value: "", label: words.allKinds },
            ...KINDS.map((value) => ({ value, label: words.kinds[value] })),
          ],
        },
        { kind: "days", name: "began", label: words.days },
        { kind: "text", name: "q", label: words.searchDevice },
        {
          kind: "chip",
          name: "enterprise_id",
          words: (value, rows) =>
            rows.find((row) => String(row.enterprise_id) === value)?.enterprise_name ?? words.enterprise,
        },
        {
          kind: "chip",
          name: "device_id",
          words: (value, rows) => rows.find((row) => String(row.device_id) === value)?.name ?? words.device,
        },
      ]}
      rows={{
        rowKey: (row) => row.id,
        name: (row) => `${row.enterprise_name} ${row.name}`,
        columns: [
          {
            key: "device",
            title: words.device,
            width: "minmax(11rem, 1.5fr)",
            always: true,
            cell: (row) => (
              <span className="two-lines">
                <strong>{instrumentName(row.name, text)}</strong>
                <span className="faint">
                  {words.kinds[row.kind]}
                  {(row.scene || row.position) &&
                    ` · ${[row.scene, row.position].filter(Boolean).join(" · ")}`}
                </span>
              </span>
            ),
          },
          {
            key: "enterprise",
            title: words.enterprise,
            width: "minmax(10rem, 1.3fr)",
            cell: (row) => row.enterprise_name,
          },
          {
            key: "state",
            title: words.state,
            width: "minmax(9rem, 1fr)",
            always: true,
            cell: (row) => (
              <span className="two-lines">
                <StateWord state={row.state} />
                <span className="faint">{words.causes[row.cause]}</span>
              </span>
            ),
          },
          {
            key: "began",
            title: words.began,
            width: "minmax(10rem, 1fr)",
            cell: (row) => <When at={row.began_at} brief />,
          },
          {
            key: "ended",
            title: words.ended,
            width: "minmax(10rem, 1fr)",
            cell: (row) => (row.ended_at ? <When at={row.ended_at} brief /> : <strong>{words.lasts}</strong>),
          },
          {
            key: "lasted",
            title: words.lasted,
            width: "8rem",
            cell: (row) => spanWords(Math.max(1, Math.floor(row.lasted_s)) * 1_000, text),
          },
        ],
      }}
      empty={words.noPeriodsFiltered}
      emptyAll={words.noPeriods}
    />
  );
}
