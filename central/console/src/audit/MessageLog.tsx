// The message log: what was sent to whom, when, and what became of it.

import { type MessageLogRow, messageLog } from "../api/audit.ts";
import { useText } from "../locales/index.tsx";
import type { FilterField } from "../parts/FilterBar.tsx";
import { Link } from "../parts/Link.tsx";
import { ListPage } from "../parts/ListPage.tsx";
import { PersonalPhone } from "../parts/PersonalPhone.tsx";
import { When } from "../parts/When.tsx";
import { digestName, digestNumber } from "../warning/digest.ts";
import { useAuditTabs } from "./tabs.ts";

/** What was sent: a call's own words, those of a digest with what it tells of, or with which digest a call went. */
function Content({ row }: { row: MessageLogRow }) {
  const text = useText();
  if (!row.digest) return <>{row.text}</>;
  if (!row.levels)
    return (
      <span className="two-lines">
        <span>{row.text}</span>
        <Link className="faint over" to={`/message-log?digest=${digestNumber(row.digest)}`}>
          {text.storm.withDigest(row.digest)}
        </Link>
      </span>
    );
  const cases = Object.values(row.levels).reduce((sum, count) => sum + count, 0);
  return (
    <span className="two-lines">
      <span>
        <strong>{text.storm.digest}</strong> {row.text}
      </span>
      <span>
        <Link className="over" to={`/warnings?state=all&digest=${digestNumber(row.digest)}`}>
          {text.storm.carried(cases)}
        </Link>
      </span>
    </span>
  );
}

export function MessageLog() {
  const words = useText();
  const text = words.audit.messages;
  const options = (words: Record<string, string>, any: string) => [
    { value: "", label: any },
    ...Object.entries(words).map(([value, label]) => ({ value, label })),
  ];
  const fields: FilterField<MessageLogRow>[] = [
    {
      kind: "choice",
      name: "channel",
      label: text.channel,
      options: options(text.channels, text.anyChannel),
    },
    { kind: "select", name: "state", label: text.result, options: options(text.states, text.anyState) },
    { kind: "days", name: "at", label: text.at },
    { kind: "text", name: "receiver", label: text.receiver },
    { kind: "text", name: "q", label: text.search },
    { kind: "chip", name: "digest", words: (value) => words.storm.ofDigest(digestName(value)) },
  ];
  return (
    <ListPage<MessageLogRow>
      name="message-log"
      title={text.title}
      tabs={useAuditTabs()}
      query={messageLog}
      fields={fields}
      empty={text.empty}
      rows={{
        columns: [
          {
            key: "at",
            title: text.at,
            width: "minmax(13rem, 1fr)",
            always: true,
            cell: (row) => <When at={row.sent_at ?? row.created_at} />,
          },
          {
            key: "receiver",
            title: text.receiver,
            width: "minmax(9rem, 1fr)",
            always: true,
            cell: (row) => (
              <span>
                {row.receiver} <span className="faint">{row.agency_name || row.enterprise_name}</span>
              </span>
            ),
          },
          {
            key: "number",
            title: text.number,
            width: "minmax(9rem, .8fr)",
            cell: (row) =>
              row.number ? <PersonalPhone kind="message" id={row.id} name={null} phone={row.number} /> : null,
          },
          {
            key: "channel",
            title: text.channel,
            width: "6rem",
            cell: (row) => text.channels[row.channel] ?? row.channel,
          },
          {
            key: "state",
            title: text.result,
            width: "minmax(7rem, .7fr)",
            always: true,
            cell: (row) => text.states[row.state] ?? row.state,
          },
          {
            key: "text",
            title: text.content,
            width: "minmax(16rem, 2.4fr)",
            cell: (row) => <Content row={row} />,
          },
        ],
        rowKey: (row) => row.id,
        to: (row) =>
          row.warning_id
            ? `/warnings/${row.warning_id}`
            : `/message-log?digest=${digestNumber(row.digest ?? "")}`,
        name: (row) => row.text,
      }}
    />
  );
}
