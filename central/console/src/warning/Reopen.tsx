// Sends a warning back whose handling is not enough: it ends here, and a new one with a full ladder follows.

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { App, Button, Input } from "antd";
import { useState } from "react";
import { useNavigate } from "react-router";
import { send } from "../api/client.ts";
import type { WarningDetail } from "../api/types.ts";
import { useText } from "../locales/index.tsx";
import { problemWords } from "../parts/States.tsx";

export function Reopen({ view }: { view: WarningDetail }) {
  const text = useText();
  const words = text.handling;
  const client = useQueryClient();
  const navigate = useNavigate();
  const { message } = App.useApp();
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState("");
  const run = useMutation({
    mutationFn: () =>
      send<{ id: string }>("POST", `/api/v1/warnings/${view.id}/reopen`, {
        body: { reason: reason.trim() },
        etag: view.etag,
      }),
    onSuccess: (answer) => {
      for (const key of ["warning", "warnings", "overview"]) client.invalidateQueries({ queryKey: [key] });
      message.success(words.reopened);
      navigate(`/warnings/${answer.data.id}`);
    },
    onError: (error) => {
      client.invalidateQueries({ queryKey: ["warning", view.id] });
      message.error(problemWords(error, text), 6);
    },
  });
  if (!open)
    return (
      <Button onClick={() => setOpen(true)} title={words.reopenHelp}>
        {words.reopen}
      </Button>
    );
  return (
    <form
      className="beside-comment"
      aria-label={words.reopen}
      onSubmit={(event) => {
        event.preventDefault();
        if (reason.trim()) run.mutate();
      }}
    >
      <span className="faint">{words.reopenHelp}</span>
      <Input.TextArea
        aria-label={words.reopenReason}
        placeholder={words.reopenReason}
        value={reason}
        maxLength={1000}
        autoFocus
        autoSize={{ minRows: 1, maxRows: 4 }}
        onChange={(event) => setReason(event.target.value)}
      />
      <div className="beside-buttons">
        <Button type="primary" htmlType="submit" disabled={!reason.trim()} loading={run.isPending}>
          {words.reopen}
        </Button>
        <Button onClick={() => setOpen(false)}>{text.cancel}</Button>
      </div>
    </form>
  );
}
