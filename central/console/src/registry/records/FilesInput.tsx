// Attached files and pictures: chosen or photographed, made small, sent with progress; a large one goes on by
// itself when the line is back, what the centre refuses is tried again by hand.

import { CameraOutlined, DeleteOutlined, PaperClipOutlined, ReloadOutlined } from "@ant-design/icons";
import { Button, Progress } from "antd";
import { useEffect, useRef, useState } from "react";
import { fileUrl, type StoredFile } from "../../api/records.ts";
import { useLanguage, useText } from "../../locales/index.tsx";
import { problemWords } from "../../parts/States.tsx";
import type { ControlProps } from "./controls.tsx";
import { useFormAround } from "./FormContext.tsx";
import { labelOf } from "./spec.ts";
import { localPicture, shrunk, upload } from "./upload.ts";
import { sizeWords } from "./words.ts";

interface Sending {
  key: number;
  file: File;
  /** What leaves: the file itself, or a smaller copy of a picture. */
  small: File | null;
  part: number;
  waiting: boolean;
  error: unknown;
}

let keys = 0;

export function FilesInput({ field, id, value, onChange }: ControlProps<StoredFile[]>) {
  const text = useText();
  const words = text.records.files;
  const { language } = useLanguage();
  const around = useFormAround();
  const [sending, setSending] = useState<Sending[]>([]);
  const [note, setNote] = useState("");
  const input = useRef<HTMLInputElement>(null);
  const kept = useRef<StoredFile[]>(value ?? []);
  kept.current = value ?? [];
  const stop = useRef(new AbortController());
  useEffect(() => {
    stop.current = new AbortController();
    return () => stop.current.abort();
  }, []);
  const picture = field.kind === "picture";
  const room = (field.longest || 10) - kept.current.length - sending.length;

  const change = (key: number, changed: Partial<Sending>) =>
    setSending((all) => all.map((one) => (one.key === key ? { ...one, ...changed } : one)));

  const start = async (key: number, file: File, made: File | null = null) => {
    change(key, { part: 0, waiting: false, error: null });
    try {
      const small = made ?? (await shrunk(file));
      change(key, { small });
      const told = (part: number, waiting: boolean) => change(key, { part, waiting });
      const stored = await upload(small, told, stop.current.signal);
      setSending((all) => all.filter((one) => one.key !== key));
      if (kept.current.some((one) => one.sha256 === stored.sha256)) setNote(words.twice(stored.name));
      else {
        kept.current = [...kept.current, stored];
        onChange?.(kept.current);
      }
    } catch (error) {
      change(key, { error });
    }
  };

  const add = (files: readonly File[]) => {
    const fitting = files.slice(0, Math.max(0, room));
    setNote(fitting.length < files.length ? words.tooMany(field.longest) : "");
    const fresh = fitting.map((file) => ({
      key: ++keys,
      file,
      small: null,
      part: 0,
      waiting: false,
      error: null,
    }));
    setSending((all) => [...all, ...fresh]);
    // One after the other: a phone's line carries one picture at a time best.
    void fresh.reduce((before, one) => before.then(() => start(one.key, one.file)), Promise.resolve());
  };

  const source = (file: StoredFile) =>
    localPicture(file.sha256) ??
    (around.recordId === null ? "" : fileUrl(around.register, around.recordId, file.sha256, picture));

  return (
    <div className="files">
      <ul className={picture ? "files-list files-pictures" : "files-list"}>
        {(value ?? []).map((file) => (
          <li key={file.sha256} className="file">
            {picture && source(file) && <img src={source(file)} alt={file.name} />}
            <span className="file-name" title={file.name}>
              {file.name} <span className="faint">{sizeWords(file.size)}</span>
            </span>
            <Button
              type="text"
              icon={<DeleteOutlined />}
              aria-label={words.remove(file.name)}
              onClick={() => onChange?.(kept.current.filter((one) => one.sha256 !== file.sha256))}
            />
          </li>
        ))}
        {sending.map((one) => (
          <li key={one.key} className="file">
            <span className="file-name">{one.file.name}</span>
            {one.error === null ? (
              <>
                <Progress
                  percent={Math.floor(one.part * 100)}
                  size="small"
                  aria-label={words.sending(one.file.name)}
                />
                {one.waiting && <span role="status">{words.waiting}</span>}
              </>
            ) : (
              <>
                <span className="form-missing" role="alert">
                  <span aria-hidden="true">!</span> {problemWords(one.error, text)}
                </span>
                <Button icon={<ReloadOutlined />} onClick={() => void start(one.key, one.file, one.small)}>
                  {words.again}
                </Button>
                <Button
                  type="text"
                  icon={<DeleteOutlined />}
                  aria-label={words.remove(one.file.name)}
                  onClick={() => setSending((all) => all.filter((each) => each.key !== one.key))}
                />
              </>
            )}
          </li>
        ))}
      </ul>
      <input
        ref={input}
        type="file"
        style={{ display: "none" }}
        tabIndex={-1}
        multiple={field.longest !== 1}
        accept={picture ? "image/*" : undefined}
        aria-label={labelOf(field, language)}
        onChange={(event) => {
          add([...(event.target.files ?? [])]);
          event.target.value = "";
        }}
      />
      <Button
        id={id}
        disabled={room <= 0}
        icon={picture ? <CameraOutlined /> : <PaperClipOutlined />}
        onClick={() => input.current?.click()}
      >
        {picture ? words.addPicture : words.addFile}
      </Button>
      <span className="faint files-room">{note || words.room(field.longest)}</span>
    </div>
  );
}
