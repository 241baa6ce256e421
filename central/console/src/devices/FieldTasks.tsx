// The installer's day: what waits at gateways and instruments of his region, the most urgent first.

import type { FieldTask } from "../api/field.ts";
import { listOf } from "../api/list.ts";
import { type Catalogue, useText } from "../locales/index.tsx";
import { useNow } from "../parts/clock.ts";
import { count } from "../parts/figures.ts";
import { Link } from "../parts/Link.tsx";
import { ListPage } from "../parts/ListPage.tsx";
import type { RowLook } from "../parts/Rows.tsx";
import { fullTime } from "../parts/time.ts";
import { Age } from "../parts/When.tsx";

const KINDS = ["offline", "bus", "configuration", "certificate", "enrol", "commission"] as const;
const query = listOf<FieldTask>("field-tasks");

export function FieldTasks() {
  const text = useText();
  const words = text.fieldTasks;
  return (
    <ListPage
      name="field-tasks"
      title={words.title}
      note={words.note}
      query={query}
      rows={look(text)}
      fields={[
        {
          name: "kind",
          label: words.kind,
          kind: "select",
          options: [
            { value: "", label: words.all },
            ...KINDS.map((kind) => ({ value: kind, label: words.kinds[kind] ?? kind })),
          ],
        },
      ]}
      empty={words.empty}
      emptyAll={words.emptyAll}
    />
  );
}

function look(text: Catalogue): RowLook<FieldTask> {
  const words = text.fieldTasks;
  const kind = (row: FieldTask) => (
    <span className={row.kind === "offline" || row.kind === "bus" ? "alarm-word" : ""}>
      {words.kinds[row.kind] ?? row.kind}
    </span>
  );
  const gateway = (row: FieldTask) => (
    <span className="two-lines">
      <strong>{row.name}</strong>
      <span className="faint">{row.gateway_id}</span>
    </span>
  );
  const where = (row: FieldTask) => (
    <span className="two-lines">
      <Link className="over" to={`/enterprises/${row.enterprise_id}`}>
        {row.enterprise_name}
      </Link>
      {row.address && <span className="faint">{row.address}</span>}
    </span>
  );
  return {
    rowKey: (row) => `${row.kind}/${row.gateway_id}/${row.what}`,
    name: (row) => `${words.kinds[row.kind] ?? row.kind} ${row.name}`,
    columns: [
      { key: "kind", title: words.kind, width: "minmax(7rem, .8fr)", cell: kind, always: true },
      { key: "gateway", title: words.gateway, width: "minmax(10rem, 1fr)", cell: gateway, always: true },
      { key: "enterprise", title: words.enterprise, width: "minmax(12rem, 1.2fr)", cell: where },
      {
        key: "detail",
        title: words.detail,
        width: "minmax(14rem, 2fr)",
        cell: (row) => <What row={row} />,
        always: true,
      },
    ],
    card: (row) => (
      <>
        <div className="row-card-top">{kind(row)}</div>
        <strong className="row-card-title">{row.name}</strong>
        {where(row)}
        <div className="row-card-line">
          <What row={row} />
        </div>
      </>
    ),
  };
}

function What({ row }: { row: FieldTask }) {
  const words = useText().fieldTasks;
  const until = row.until ? fullTime(row.until) : "";
  switch (row.kind) {
    case "offline":
      return row.since ? (
        <span>
          {words.offlineSince} <Age at={row.since} />
        </span>
      ) : (
        <span>{words.never}</span>
      );
    case "bus":
      return (
        <span>
          {row.many > 0 && !row.detail
            ? words.busSilent(row.what, count(row.many))
            : words.busAway(row.what, row.detail)}
        </span>
      );
    case "configuration":
      return <span>{words.configuration(row.what, row.detail)}</span>;
    case "certificate":
      return <span>{words.certificate(until)}</span>;
    case "enrol":
      return <Enrol until={row.until} />;
    case "commission":
      return <span>{words.commission(count(row.many), row.detail)}</span>;
  }
}

function Enrol({ until }: { until: string | null }) {
  const words = useText().fieldTasks;
  const now = useNow();
  const at = until ? fullTime(until) : "";
  const over = until !== null && new Date(until).getTime() < now;
  return <span>{over ? words.enrolOver(at) : words.enrol(at)}</span>;
}
