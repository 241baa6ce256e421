// What waits for oneself across all registers, the oldest first: to be reviewed, come back, begun.

import { useQuery } from "@tanstack/react-query";
import { registers, type WaitingRow, waitingRecords } from "../../api/records.ts";
import { useLanguage, useText } from "../../locales/index.tsx";
import { ListPage } from "../../parts/ListPage.tsx";
import { Age } from "../../parts/When.tsx";
import { StateSign } from "./StateSign.tsx";
import { titleOf } from "./titles.ts";

export function Inbox() {
  const text = useText();
  const words = text.records.inbox;
  const { language } = useLanguage();
  const known = new Map((useQuery(registers).data ?? []).map((entry) => [entry.name, entry]));
  const nameOf = (row: WaitingRow) => {
    const entry = known.get(row.register);
    return entry ? titleOf(entry, language) : "";
  };
  return (
    <ListPage<WaitingRow>
      name="records-waiting"
      title={words.title}
      query={waitingRecords}
      fields={[
        {
          kind: "choice",
          name: "state",
          label: text.records.state,
          options: [
            { value: "", label: words.all },
            { value: "submitted", label: words.toReview },
            { value: "returned", label: words.returned },
            { value: "draft", label: words.drafts },
          ],
        },
      ]}
      rows={{
        rowKey: (row) => `${row.register}.${row.id}`,
        name: (row) => row.title || text.records.untitled,
        to: (row) => `/registers/${row.register}/${row.id}${row.state === "submitted" ? "" : "/edit"}`,
        columns: [
          {
            key: "title",
            title: words.record,
            width: "minmax(12rem, 2fr)",
            always: true,
            cell: (row) => (
              <span className="two-lines">
                <strong>{row.title || text.records.untitled}</strong>
                {row.opinion && row.state === "returned" && <span className="faint">{row.opinion}</span>}
              </span>
            ),
          },
          { key: "register", title: words.register, width: "minmax(9rem, 1.2fr)", cell: nameOf },
          {
            key: "owner",
            title: text.records.owner,
            width: "minmax(10rem, 1.4fr)",
            cell: (row) => row.owner_name,
          },
          {
            key: "state",
            title: text.records.state,
            width: "7rem",
            cell: (row) => <StateSign state={row.state} />,
          },
          { key: "at", title: words.since, width: "8rem", cell: (row) => <Age at={row.at} /> },
        ],
      }}
      empty={words.none}
      emptyAll={words.nothing}
    />
  );
}
