// The days of the audit: how many entries each sealed, and whether the chain was sound when it was signed.

import { type AuditDay, auditDays } from "../api/audit.ts";
import { useText } from "../locales/index.tsx";
import { ListPage } from "../parts/ListPage.tsx";
import { useAuditTabs } from "./tabs.ts";

export function AuditDays() {
  const all = useText();
  const text = all.audit.days;
  return (
    <ListPage<AuditDay>
      name="audit-days"
      title={text.title}
      tabs={useAuditTabs()}
      query={auditDays}
      note={text.note}
      empty={text.empty}
      rows={{
        columns: [
          {
            key: "day",
            title: text.day,
            width: "8rem",
            always: true,
            cell: (row) => <strong>{row.day}</strong>,
          },
          {
            key: "state",
            title: text.state,
            width: "minmax(10rem, 1.4fr)",
            always: true,
            cell: (row) =>
              row.sound ? (
                <span>✓ {text.sound}</span>
              ) : (
                <span role="alert">
                  <strong>✕ {text.unsound}</strong> <span className="faint">{row.problem}</span>
                </span>
              ),
          },
          {
            key: "count",
            title: text.count,
            width: "7rem",
            end: true,
            cell: (row) => row.count.toLocaleString(),
          },
          {
            key: "position",
            title: text.position,
            width: "8rem",
            end: true,
            cell: (row) => row.position.toLocaleString(),
          },
          {
            key: "hash",
            title: text.hash,
            width: "minmax(12rem, 1.6fr)",
            cell: (row) => <code title={row.hash}>{row.hash.slice(0, 16)}…</code>,
          },
        ],
        rowKey: (row) => row.day,
        name: (row) => row.day,
      }}
    />
  );
}
