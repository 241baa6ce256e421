// The form of a notice: what is told, to whom, and by which day a reply is wanted.

import { useRef } from "react";
import { send } from "../api/client.ts";
import type { NoticeDetail } from "../api/notices.ts";
import { useText } from "../locales/index.tsx";
import { useAgencyOptions } from "../organisation/choices.ts";
import { EditDrawer } from "../parts/EditDrawer.tsx";
import { EnterprisesPicker } from "../warning/Manual.tsx";
import { NoticeFilesInput } from "./NoticeFiles.tsx";

/** The warning that a notice is about, and its enterprise. */
export interface About {
  id: string;
  title: string;
  enterpriseId: number | null;
}

interface Props {
  open: boolean;
  close: () => void;
  sent: (id: number) => void;
  about?: About | null;
}

export function NewNotice({ open, close, sent, about }: Props) {
  const text = useText();
  const words = text.notices;
  const agencies = useAgencyOptions();
  // One form, one key: sent again after a broken connection it is one notice.
  const key = useRef(crypto.randomUUID());
  return (
    <EditDrawer<NoticeDetail>
      name={about ? `notice.${about.id}` : "notice.new"}
      title={words.send}
      note={about ? words.aboutWarning(about.title) : words.sendNote}
      submit={words.submit}
      open={open}
      close={close}
      initial={{
        title: about ? words.titleOf(about.title) : "",
        text: "",
        enterprise_ids: about?.enterpriseId ? [about.enterpriseId] : [],
        agency_ids: [],
        reply_by: "",
        files: [],
      }}
      fields={[
        { name: "title", label: words.fields.title, required: true, max: 200 },
        { name: "text", label: words.fields.text, kind: "long", required: true, max: 10_000 },
        {
          name: "enterprise_ids",
          label: words.fields.enterprises,
          kind: "own",
          help: words.fields.enterprisesHelp,
          input: <EnterprisesPicker />,
        },
        { name: "agency_ids", label: words.fields.agencies, kind: "many", options: agencies },
        {
          name: "reply_by",
          label: words.fields.replyBy,
          kind: "date",
          help: words.fields.replyByHelp,
        },
        { name: "files", label: words.fields.files, kind: "own", input: <NoticeFilesInput /> },
      ]}
      save={(values) =>
        send<NoticeDetail>("POST", "/api/v1/notices", {
          body: {
            ...values,
            files: values.files ?? [],
            reply_by: values.reply_by ? `${values.reply_by}T23:59:59+08:00` : null,
            warning_id: about?.id ?? null,
            key: key.current,
          },
        })
      }
      saved={(answer) => {
        key.current = crypto.randomUUID();
        sent(answer.data.id);
      }}
    />
  );
}
