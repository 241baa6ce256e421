// Changes the status of an enterprise, with the reason that its log and its watchers are told.

import { useQuery } from "@tanstack/react-query";
import { send } from "../api/client.ts";
import { enterpriseStatuses, type Facts } from "../api/dossier.ts";
import { useLanguage, useText } from "../locales/index.tsx";
import { EditDrawer } from "../parts/EditDrawer.tsx";

interface Props {
  facts: Facts;
  open: boolean;
  close: () => void;
  done: () => Promise<unknown>;
}

export function StatusForm({ facts, open, close, done }: Props) {
  const text = useText();
  const words = text.lifeForms;
  const { language } = useLanguage();
  const list = useQuery({ ...enterpriseStatuses, enabled: open });
  return (
    <EditDrawer<Facts>
      name={`enterprise-status.${facts.id}`}
      title={words.changeStatus}
      note={words.statusNote}
      open={open}
      close={close}
      etag={`"${facts.version}"`}
      fields={[
        {
          name: "status",
          label: words.newStatus,
          kind: "select",
          required: true,
          options: (list.data ?? [])
            .filter((each) => each.code !== facts.status)
            .map((each) => ({ value: each.code, label: language === "en" ? each.name_en : each.name })),
        },
        { name: "reason", label: words.reason, kind: "long", required: true, max: 500 },
      ]}
      save={(values, etag) =>
        send<Facts>("POST", `/api/v1/enterprises/${facts.id}/status`, { body: values, etag })
      }
      saved={done}
      reload={done}
    />
  );
}
