// How many people an enterprise has at its alarms: read by all, changed by whoever keeps its organisation.

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { App, Button, InputNumber, Modal } from "antd";
import { useState } from "react";
import { type QualityEnterprise, sayPositions } from "../api/quality.ts";
import { useMay } from "../identity/me.tsx";
import { useText } from "../locales/index.tsx";
import { problemWords } from "../parts/States.tsx";

export function Positions({ enterprise }: { enterprise: QualityEnterprise }) {
  const text = useText();
  const words = text.alarmQuality;
  const may = useMay("organisation");
  const client = useQueryClient();
  const { message } = App.useApp();
  const [open, setOpen] = useState(false);
  const [positions, setPositions] = useState(enterprise.positions);
  const say = useMutation({
    mutationFn: () => sayPositions(enterprise.id, positions),
    onSuccess: () => {
      client.invalidateQueries({ queryKey: ["alarm-quality"] });
      message.success(words.positionsSaid);
      setOpen(false);
    },
    onError: (error) => message.error(problemWords(error, text), 6),
  });
  if (!may) return <>{enterprise.positions}</>;
  return (
    <>
      <Button size="small" type="link" onClick={() => setOpen(true)}>
        {enterprise.positions}
      </Button>
      <Modal
        open={open}
        title={words.positionsTitle(enterprise.name)}
        onCancel={() => setOpen(false)}
        onOk={() => say.mutate()}
        confirmLoading={say.isPending}
        destroyOnHidden
      >
        <p className="faint">{words.positionsNote}</p>
        <InputNumber
          aria-label={words.positionsTitle(enterprise.name)}
          min={1}
          max={99}
          precision={0}
          value={positions}
          onChange={(value) => setPositions(value ?? 1)}
        />
      </Modal>
    </>
  );
}
