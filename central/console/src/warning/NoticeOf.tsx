// Notices about one warning: those that were sent, and a new one.

import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { useState } from "react";
import { useNavigate } from "react-router";
import { listOf } from "../api/list.ts";
import type { NoticeRow } from "../api/notices.ts";
import type { WarningDetail } from "../api/types.ts";
import { useMay } from "../identity/me.tsx";
import { useText } from "../locales/index.tsx";
import { NewNotice } from "../notices/NewNotice.tsx";
import { Link } from "../parts/Link.tsx";
import { Card } from "../parts/Page.tsx";

const query = listOf<NoticeRow>("notices", 20);

export function NoticeOf({ view }: { view: WarningDetail }) {
  const words = useText().notices;
  const may = useMay("warn");
  const client = useQueryClient();
  const navigate = useNavigate();
  const [writing, setWriting] = useState(false);
  const found = useInfiniteQuery(query({ warning_id: view.id }));
  const rows = found.data?.pages.flatMap((page) => page.items) ?? [];
  if (!may && rows.length === 0) return null;
  return (
    <Card title={words.title}>
      <ul className="plain">
        {rows.map((row) => (
          <li key={row.id}>
            <Link to={`/notices/${row.id}`}>{row.title}</Link>{" "}
            <span className="faint">{words.progress(row.seen, row.replied, row.receivers)}</span>
          </li>
        ))}
      </ul>
      {may && <Button onClick={() => setWriting(true)}>{words.send}</Button>}
      <NewNotice
        open={writing}
        close={() => setWriting(false)}
        about={{ id: view.id, title: view.title, enterpriseId: view.enterprise_id }}
        sent={(id) => {
          client.invalidateQueries({ queryKey: ["notices"] });
          navigate(`/notices/${id}`);
        }}
      />
    </Card>
  );
}
