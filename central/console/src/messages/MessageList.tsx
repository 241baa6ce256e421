// All messages that were addressed to this person, unread ones marked.

import { Button } from "antd";
import { listOf } from "../api/list.ts";
import type { InboxMessage } from "../api/settings.ts";
import { useText } from "../locales/index.tsx";
import { ListPage } from "../parts/ListPage.tsx";
import { When } from "../parts/When.tsx";
import { MessageLine } from "./MessageLine.tsx";
import { useRead } from "./useRead.ts";

const query = listOf<InboxMessage>("messages");

export function MessageList() {
  const text = useText();
  const read = useRead();
  return (
    <ListPage<InboxMessage>
      name="messages"
      title={text.messages.title}
      query={query}
      fields={[
        {
          kind: "choice",
          name: "unread",
          label: text.messages.state,
          options: [
            { value: "", label: text.messages.every },
            { value: "true", label: text.messages.unread },
          ],
        },
      ]}
      actions={<Button onClick={() => read.all()}>{text.messages.readAll}</Button>}
      empty={text.messages.none}
      rows={{
        rowKey: (row) => row.id,
        name: (row) => row.title,
        card: (row) => <MessageLine row={row} />,
        columns: [
          {
            key: "message",
            title: text.messages.message,
            width: "minmax(20rem, 4fr)",
            cell: (row) => <MessageLine row={row} />,
            always: true,
          },
          {
            key: "at",
            title: text.messages.at,
            width: "minmax(13rem, 1fr)",
            cell: (row) => <When at={row.at} />,
          },
        ],
      }}
    />
  );
}
