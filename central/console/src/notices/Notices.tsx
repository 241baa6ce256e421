// Notices of this jurisdiction: what was sent and received, whose reply is owed, who is late.

import { useQueryClient } from "@tanstack/react-query";
import { Button, Tag } from "antd";
import { useState } from "react";
import { useNavigate } from "react-router";
import { listOf } from "../api/list.ts";
import type { NoticeRow } from "../api/notices.ts";
import { useMe } from "../identity/me.tsx";
import { useText } from "../locales/index.tsx";
import { Link } from "../parts/Link.tsx";
import { ListPage } from "../parts/ListPage.tsx";
import { When } from "../parts/When.tsx";
import { NewNotice } from "./NewNotice.tsx";

const query = listOf<NoticeRow>("notices");

export function Notices() {
  const words = useText().notices;
  const me = useMe();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [writing, setWriting] = useState(false);
  return (
    <>
      <ListPage<NoticeRow>
        name="notices"
        title={words.title}
        note={words.note}
        query={query}
        actions={
          me.may.includes("warn") && (
            <Button type="primary" onClick={() => setWriting(true)}>
              {words.send}
            </Button>
          )
        }
        fields={[
          {
            kind: "choice",
            name: "state",
            label: words.show,
            options: [
              { value: "", label: words.shows.all },
              { value: "owed", label: words.shows.owed },
              { value: "waiting", label: words.shows.waiting },
              { value: "overdue", label: words.shows.overdue },
            ],
          },
          {
            kind: "choice",
            name: "box",
            label: words.box,
            options: [
              { value: "", label: words.boxes.all },
              { value: "sent", label: words.boxes.sent },
              { value: "received", label: words.boxes.received },
            ],
          },
          { kind: "text", name: "q", label: words.search },
        ]}
        rows={{
          rowKey: (row) => row.id,
          name: (row) => row.title,
          columns: [
            {
              key: "what",
              title: words.what,
              width: "minmax(14rem, 2.4fr)",
              always: true,
              cell: (row) => (
                <span className="two-lines">
                  <Link className="over" to={`/notices/${row.id}`}>
                    {row.unread ? <strong>{row.title}</strong> : row.title}
                  </Link>
                  <span className="faint">
                    {row.agency_name}
                    {row.warning_number && ` · ${row.warning_number}`}
                  </span>
                </span>
              ),
            },
            {
              key: "sent",
              title: words.sent,
              width: "minmax(9rem, 1fr)",
              cell: (row) => (
                <span className="two-lines">
                  <When at={row.sent_at} brief />
                  <span className="faint">{row.sent_name}</span>
                </span>
              ),
            },
            {
              key: "due",
              title: words.due,
              width: "minmax(8rem, .8fr)",
              cell: (row) =>
                row.reply_by ? (
                  <When at={row.reply_by} brief />
                ) : (
                  <span className="faint">{words.noReply}</span>
                ),
            },
            {
              key: "state",
              title: words.state,
              width: "minmax(12rem, 1.2fr)",
              always: true,
              cell: (row) => <Progress row={row} />,
            },
          ],
        }}
        empty={words.emptyAll}
        emptyAll={words.empty}
      />
      <NewNotice
        open={writing}
        close={() => setWriting(false)}
        sent={(id) => {
          client.invalidateQueries({ queryKey: ["notices"] });
          navigate(`/notices/${id}`);
        }}
      />
    </>
  );
}

function Progress({ row }: { row: NoticeRow }) {
  const words = useText().notices;
  return (
    <span className="two-lines">
      <span>
        {row.owed && <Tag color="processing">{words.owed}</Tag>}
        {row.overdue > 0 && <Tag>{words.overdue(row.overdue)}</Tag>}
      </span>
      <span className="faint">
        {row.reply_by
          ? words.progress(row.seen, row.replied, row.receivers)
          : words.seenOf(row.seen, row.receivers)}
      </span>
    </span>
  );
}
