// One notice: its words and files, who read it, what they replied; one's own reply where it is owed.

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button, Input, Tag } from "antd";
import { useState } from "react";
import { useParams } from "react-router";
import { send } from "../api/client.ts";
import { type NoticeDetail, type NoticeReceiver, notice } from "../api/notices.ts";
import type { StoredFile } from "../api/records.ts";
import { useText } from "../locales/index.tsx";
import { Link } from "../parts/Link.tsx";
import { Card, PageHead, useTitle } from "../parts/Page.tsx";
import { Failed, Loading, problemWords } from "../parts/States.tsx";
import { When } from "../parts/When.tsx";
import { NoticeFileList, NoticeFilesInput } from "./NoticeFiles.tsx";

export function NoticePage() {
  const text = useText();
  const words = text.notices;
  const { id = "" } = useParams();
  const view = useQuery(notice(id));
  useTitle(view.data?.title ?? words.title);
  if (view.isPending) return <Loading rows={8} />;
  if (view.isError && !view.data)
    return <Failed error={view.error} retry={() => view.refetch()} missing={words.missing} />;
  const data = view.data;
  return (
    <div className="page">
      <PageHead title={data.title} actions={data.may_remind && <Remind view={data} />} />
      <Card title={words.text}>
        <p className="faint">
          {data.agency_name} · {data.sent_name} · <When at={data.sent_at} />
        </p>
        <p style={{ whiteSpace: "pre-wrap" }}>{data.text}</p>
        <NoticeFileList id={data.id} files={data.files} />
        {data.reply_by && (
          <p>
            {words.replyBefore} <When at={data.reply_by} />
          </p>
        )}
        {data.warning_id && (
          <p>
            {words.warning}{" "}
            <Link to={`/warnings/${data.warning_id}`}>
              {data.warning_number} {data.warning_title}
            </Link>
          </p>
        )}
      </Card>
      {data.may_reply && <Reply view={data} />}
      <Card title={words.receivers(data.receivers.length)}>
        <ul className="plain">
          {data.receivers.map((receiver) => (
            <Receiver key={receiver.id} id={data.id} receiver={receiver} wanted={data.reply_by !== null} />
          ))}
        </ul>
      </Card>
    </div>
  );
}

function Receiver({ id, receiver, wanted }: { id: number; receiver: NoticeReceiver; wanted: boolean }) {
  const words = useText().notices;
  return (
    <li style={{ padding: "8px 0", borderBottom: "1px solid var(--line)" }}>
      <strong>{receiver.name}</strong> {receiver.overdue && <Tag color="processing">{words.late}</Tag>}
      <span className="faint">
        {receiver.read_at ? (
          <>
            {words.readBy(receiver.read_name)} <When at={receiver.read_at} brief />
          </>
        ) : (
          words.unread
        )}
        {wanted && !receiver.replied_at && ` · ${words.noAnswer}`}
        {receiver.reminders > 0 && ` · ${words.reminded(receiver.reminders)}`}
      </span>
      {receiver.replied_at && (
        <div>
          <p style={{ whiteSpace: "pre-wrap", margin: "4px 0" }}>{receiver.reply}</p>
          <NoticeFileList id={id} files={receiver.files} />
          <span className="faint">
            {receiver.replied_name} <When at={receiver.replied_at} brief />
          </span>
        </div>
      )}
    </li>
  );
}

function Reply({ view }: { view: NoticeDetail }) {
  const text = useText();
  const words = text.notices;
  const client = useQueryClient();
  const { message } = App.useApp();
  const [said, setSaid] = useState("");
  const [files, setFiles] = useState<StoredFile[]>([]);
  const run = useMutation({
    mutationFn: () =>
      send<NoticeDetail>("POST", `/api/v1/notices/${view.id}/reply`, { body: { text: said, files } }),
    onSuccess: (answer) => {
      client.setQueryData(notice(String(view.id)).queryKey, answer.data);
      client.invalidateQueries({ queryKey: ["notices"] });
      message.success(words.replied);
    },
    onError: (error) => message.error(problemWords(error, text), 6),
  });
  return (
    <Card title={words.reply}>
      <form
        className="beside-comment"
        onSubmit={(event) => {
          event.preventDefault();
          if (said.trim()) run.mutate();
        }}
      >
        <Input.TextArea
          aria-label={words.reply}
          placeholder={words.replyHelp}
          value={said}
          maxLength={10_000}
          autoSize={{ minRows: 3, maxRows: 12 }}
          onChange={(event) => setSaid(event.target.value)}
        />
        <NoticeFilesInput value={files} onChange={setFiles} />
        <div className="beside-buttons">
          <Button type="primary" htmlType="submit" disabled={!said.trim()} loading={run.isPending}>
            {words.submitReply}
          </Button>
        </div>
      </form>
    </Card>
  );
}

function Remind({ view }: { view: NoticeDetail }) {
  const text = useText();
  const client = useQueryClient();
  const { message } = App.useApp();
  const run = useMutation({
    mutationFn: () => send<{ reminded: number }>("POST", `/api/v1/notices/${view.id}/remind`, {}),
    onSuccess: (answer) => {
      client.invalidateQueries({ queryKey: ["notice", String(view.id)] });
      message.success(text.notices.remindedAll(answer.data.reminded));
    },
    onError: (error) => message.error(problemWords(error, text), 6),
  });
  return (
    <Button loading={run.isPending} onClick={() => run.mutate()}>
      {text.notices.remind}
    </Button>
  );
}
