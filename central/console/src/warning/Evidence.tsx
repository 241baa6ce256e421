// Everything about one warning as one signed file.

import { DownloadOutlined } from "@ant-design/icons";
import { useMutation } from "@tanstack/react-query";
import { App, Button } from "antd";
import type { WarningDetail } from "../api/types.ts";
import { useText } from "../locales/index.tsx";
import { Card } from "../parts/Page.tsx";
import { problemWords } from "../parts/States.tsx";
import { takeOut } from "./takeOut.ts";

export function Evidence({ view }: { view: WarningDetail }) {
  const text = useText();
  const words = text.evidence;
  const { message } = App.useApp();
  const take = useMutation({
    mutationFn: () => takeOut(`/api/v1/warnings/${view.id}/evidence`, words.file(view.number)),
    onError: (error) => message.error(problemWords(error, text), 6),
  });
  return (
    <Card title={words.title}>
      <p className="faint">{words.note}</p>
      <Button icon={<DownloadOutlined />} loading={take.isPending} onClick={() => take.mutate()}>
        {words.take}
      </Button>
    </Card>
  );
}
