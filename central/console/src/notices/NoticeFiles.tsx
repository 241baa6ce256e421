// Files of a notice or of a reply: brought with the form, and listed where it is read.

import { PaperClipOutlined } from "@ant-design/icons";
import { type NoticeFile, noticeFileUrl } from "../api/notices.ts";
import type { StoredFile } from "../api/records.ts";
import { FilesInput } from "../registry/records/FilesInput.tsx";
import { FormAroundProvider } from "../registry/records/FormContext.tsx";
import type { Field } from "../registry/records/spec.ts";

const MOST = 20;
const FIELD: Field = {
  name: "files",
  kind: "file",
  zh: "附件",
  en: "Files",
  note: "",
  unit: "",
  decimals: undefined,
  low: undefined,
  high: undefined,
  longest: MOST,
  choices: [],
  to: "",
  required: false,
  when: null,
  personal: "",
  uncertain: false,
  inside: [],
};
const AROUND = { register: "notice", recordId: null, fields: [FIELD], owner: {} };

/** Files from this device; sent at once, named when the form is sent. */
export function NoticeFilesInput({
  value = [],
  onChange,
}: {
  value?: StoredFile[];
  onChange?: (files: StoredFile[]) => void;
}) {
  return (
    <FormAroundProvider value={AROUND}>
      <FilesInput field={FIELD} value={value} onChange={(files) => onChange?.(files ?? [])} />
    </FormAroundProvider>
  );
}

export function NoticeFileList({ id, files }: { id: number; files: readonly NoticeFile[] }) {
  if (files.length === 0) return null;
  return (
    <ul className="plain">
      {files.map((file) => (
        <li key={file.sha256}>
          <PaperClipOutlined aria-hidden />{" "}
          <a href={noticeFileUrl(id, file.sha256)} target="_blank" rel="noreferrer">
            {file.name}
          </a>
        </li>
      ))}
    </ul>
  );
}
