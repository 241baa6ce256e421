// A choice within a form whose options belong to the record: the same select as everywhere, fed from outside.

import { Select } from "antd";
import type { Option } from "./choices.ts";

interface Props {
  /** From the form's label. */
  id?: string;
  options: readonly Option[];
  value?: number | null;
  onChange?: (value: number | null) => void;
}

export function Picker({ id, options, value, onChange }: Props) {
  return (
    <Select
      id={id}
      allowClear
      showSearch={{ optionFilterProp: "label" }}
      value={value ?? undefined}
      onChange={(chosen) => onChange?.(chosen ?? null)}
      options={[...options]}
    />
  );
}
