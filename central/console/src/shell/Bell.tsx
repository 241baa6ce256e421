// The messages that were addressed to this person: how many are unread, the newest ones, the way to each subject.

import { BellOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Badge, Popover } from "antd";
import { useState } from "react";
import { newestMessages } from "../api/settings.ts";
import { useText } from "../locales/index.tsx";
import { MessageLine } from "../messages/MessageLine.tsx";
import { useRead } from "../messages/useRead.ts";
import { Link } from "../parts/Link.tsx";
import { Failed, Loading } from "../parts/States.tsx";

export function Bell() {
  const text = useText();
  const [open, setOpen] = useState(false);
  const list = useQuery(newestMessages);
  const read = useRead();
  const unread = list.data?.unread ?? 0;
  const rows = list.data?.items ?? [];
  return (
    <Popover
      trigger="click"
      placement="bottomRight"
      arrow={false}
      open={open}
      onOpenChange={setOpen}
      destroyOnHidden
      content={
        <section className="bell" aria-label={text.messages.title}>
          <header>
            <strong>{text.messages.title}</strong>
            {unread > 0 && (
              <button type="button" className="quiet-link" onClick={() => read.all()}>
                {text.messages.readAll}
              </button>
            )}
          </header>
          {list.isPending ? (
            <Loading rows={3} />
          ) : list.isError && !list.data ? (
            <Failed error={list.error} retry={() => list.refetch()} />
          ) : rows.length === 0 ? (
            <p className="quiet-line">{text.messages.none}</p>
          ) : (
            <ul>
              {rows.map((row) => (
                <li key={row.id}>
                  <MessageLine row={row} opened={() => setOpen(false)} />
                </li>
              ))}
            </ul>
          )}
          <Link to="/messages" onClick={() => setOpen(false)}>
            {text.messages.all}
          </Link>
        </section>
      }
    >
      <button type="button" className="top-tool" aria-label={text.messages.bell(unread)}>
        <Badge count={unread} size="small" color="#1c2629" overflowCount={99}>
          <BellOutlined aria-hidden="true" />
        </Badge>
      </button>
    </Popover>
  );
}
