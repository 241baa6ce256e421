// A form that is filled in every day: begins with today, and takes what hardly changes from the last one.

import { CopyOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { type RegisterEntry, record, recordNewest, type Values } from "../../api/records.ts";
import { useText } from "../../locales/index.tsx";
import type { Field } from "./spec.ts";

/** What is judged anew every day is not taken over: answers, choices, amounts of work, pictures. */
const KEPT = new Set(["text", "long-text", "number", "whole"]);

/** The day of which there is one record, where a register is filled in by days. */
export function dayOf(entry: RegisterEntry, fields: readonly Field[]): string | null {
  const [key, further] = entry.key;
  const field = fields.find((one) => one.name === key);
  return field?.kind === "day" && further === undefined ? field.name : null;
}

interface Props {
  entry: RegisterEntry;
  fields: readonly Field[];
  day: string;
  enterprise: number;
  take: (values: Values) => void;
}

export function Again({ entry, fields, day, enterprise, take }: Props) {
  const text = useText();
  const newest = useQuery(recordNewest(entry.name, enterprise, day)).data;
  const last = useQuery({ ...record(entry.name, newest?.id ?? ""), enabled: Boolean(newest) }).data;
  if (!last) return null;
  const values = last.record.values;
  return (
    <p className="form-again">
      <Button
        icon={<CopyOutlined />}
        onClick={() =>
          take(
            Object.fromEntries(
              fields
                .filter(
                  (field) => KEPT.has(field.kind) && !field.personal && values[field.name] !== undefined,
                )
                .map((field) => [field.name, values[field.name]]),
            ),
          )
        }
      >
        {text.records.again(String(values[day]))}
      </Button>{" "}
      <span className="faint">{text.records.againHelp}</span>
    </p>
  );
}
