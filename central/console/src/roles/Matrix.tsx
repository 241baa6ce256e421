// What a role may do: a row a subsystem, a box an operation; what its kind never holds is not shown at all.

import { Checkbox } from "antd";
import type { RoleParts } from "../api/roles.ts";
import { useLanguage, useText } from "../locales/index.tsx";

interface Props {
  parts: RoleParts;
  kind: string;
  value?: readonly string[];
  /** Otherwise the matrix only shows. */
  editing?: boolean;
  /** Given by the form. */
  onChange?: (words: string[]) => void;
}

export function Matrix({ parts, kind, value = [], editing = false, onChange }: Props) {
  const text = useText().roles;
  const { language } = useLanguage();
  const english = language === "en";
  const held = new Set(value);
  const set = (words: readonly string[], on: boolean) => {
    const next = new Set(held);
    for (const word of words) {
      if (on) next.add(word);
      else next.delete(word);
    }
    onChange?.([...next]);
  };
  const rows = parts.subsystems
    .map((system) => ({ ...system, operations: system.operations.filter((op) => op.kinds.includes(kind)) }))
    .filter((system) => system.operations.length);
  return (
    <table className="role-matrix">
      <tbody>
        {rows.map((system) => {
          const free = system.operations.filter((op) => op.grantable.includes(kind)).map((op) => op.word);
          const all = free.length > 0 && free.every((word) => held.has(word));
          const name = english ? system.name_en : system.name;
          return (
            <tr key={system.code}>
              <th scope="row">
                {editing ? (
                  <Checkbox
                    checked={all}
                    indeterminate={!all && free.some((word) => held.has(word))}
                    disabled={!free.length}
                    onChange={(event) => set(free, event.target.checked)}
                  >
                    {name}
                  </Checkbox>
                ) : (
                  name
                )}
              </th>
              <td>
                {system.operations.map((op) => (
                  <Checkbox
                    key={op.word}
                    checked={held.has(op.word)}
                    disabled={!editing || (!op.grantable.includes(kind) && !held.has(op.word))}
                    title={editing && !op.grantable.includes(kind) ? text.notYours : undefined}
                    onChange={(event) => set([op.word], event.target.checked)}
                  >
                    {english ? op.name_en : op.name}
                  </Checkbox>
                ))}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
