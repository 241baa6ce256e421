// A point on the first picture of the same record: tapped, or moved by the arrow keys.

import { Button, Form } from "antd";
import { type MouseEvent, useState } from "react";
import { fileUrl, type StoredFile } from "../../api/records.ts";
import { useText } from "../../locales/index.tsx";
import type { ControlProps } from "./controls.tsx";
import { useFormAround } from "./FormContext.tsx";
import { type Mark, MarkedPicture } from "./MarkedPicture.tsx";
import { localPicture } from "./upload.ts";
import { leavesOf, valueAt } from "./values.ts";

const STEP = 0.01;
const within = (part: number) => Math.round(Math.min(1, Math.max(0, part)) * 10_000) / 10_000;

/** The plan is not here: it was chosen before this page was opened, and no record shows it yet. */
const NOWHERE = "";

export function MarkInput({ id, value, onChange }: ControlProps<Mark>) {
  const text = useText();
  const words = text.records.mark;
  const around = useFormAround();
  const form = Form.useFormInstance();
  const [broken, setBroken] = useState<string | null>(null);
  const values = Form.useWatch([], form);
  const picture = leavesOf(around.fields)
    .filter(({ field }) => field.kind === "picture")
    .map(({ place }) => valueAt(values, place) as StoredFile[] | undefined)
    .find((files) => files?.length)?.[0];
  if (!picture) return <p className="faint">{words.noPicture}</p>;
  const source =
    localPicture(picture.sha256) ??
    (around.recordId === null ? NOWHERE : fileUrl(around.register, around.recordId, picture.sha256));
  if (source === NOWHERE || source === broken) return <p className="faint">{words.notYet}</p>;
  const tap = (event: MouseEvent<HTMLButtonElement>) => {
    if (event.detail === 0) return; // a key, which has no place
    const box = event.currentTarget.getBoundingClientRect();
    onChange?.({
      x: within((event.clientX - box.left) / box.width),
      y: within((event.clientY - box.top) / box.height),
    });
  };
  return (
    <div className="mark">
      <button
        id={id}
        type="button"
        className="mark-picture"
        aria-label={words.help}
        onClick={tap}
        onKeyDown={(event) => {
          const move = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] }[
            event.key
          ];
          if (!move) return;
          event.preventDefault();
          const { x, y } = value ?? { x: 0.5, y: 0.5 };
          onChange?.({ x: within(x + (move[0] ?? 0) * STEP), y: within(y + (move[1] ?? 0) * STEP) });
        }}
      >
        <MarkedPicture
          source={source}
          name={picture.name}
          mark={value ?? null}
          broken={() => setBroken(source)}
        />
      </button>
      <p className="faint">
        {words.help}{" "}
        {value && (
          <Button size="small" onClick={() => onChange?.(null)}>
            {words.clear}
          </Button>
        )}
      </p>
    </div>
  );
}
