// Somebody else changed the record meanwhile: both versions side by side, and the person decides field by field.

import { Button, Radio } from "antd";
import { useState } from "react";
import type { Values } from "../../api/records.ts";
import { useLanguage, useText } from "../../locales/index.tsx";
import { When } from "../../parts/When.tsx";
import { labelOf } from "./spec.ts";
import { Value } from "./Value.tsx";
import { anchorOf, type Clash, withValue } from "./values.ts";

interface Props {
  by: string;
  at: string;
  /** Both changed them, differently. */
  clashes: readonly Clash[];
  /** Fields that only the other one changed. */
  taken: number;
  /** With everything joined that needs no decision, and one's own where both changed. */
  values: Values;
  go: (values: Values) => void;
}

export function Conflict({ by, at, clashes, taken, values, go }: Props) {
  const text = useText();
  const words = text.records.conflict;
  const { language } = useLanguage();
  const [theirs, setTheirs] = useState<ReadonlySet<string>>(new Set());
  const key = (clash: Clash) => anchorOf(clash.place);
  const decide = () =>
    go(
      clashes
        .filter((clash) => theirs.has(key(clash)))
        .reduce((all, clash) => withValue(all, clash.place, clash.theirs), values),
    );
  return (
    <section className="card conflict" role="alert" aria-label={words.title}>
      <h2>{words.title}</h2>
      <p>
        {words.who(by)} <When at={at} />
        {taken > 0 && <> {words.taken(taken)}</>}
      </p>
      {clashes.length > 0 && (
        <>
          <p>{words.decide(clashes.length)}</p>
          <ul className="conflict-list">
            {clashes.map((clash) => {
              const name = key(clash);
              return (
                <li key={name}>
                  <strong>{labelOf(clash.field, language)}</strong>
                  <Radio.Group
                    className="conflict-two"
                    value={theirs.has(name) ? "theirs" : "mine"}
                    onChange={(event) => {
                      const next = new Set(theirs);
                      if (event.target.value === "theirs") next.add(name);
                      else next.delete(name);
                      setTheirs(next);
                    }}
                  >
                    <Radio value="mine">
                      <span className="faint">{words.mine}</span>
                      <Value field={clash.field} value={clash.mine} />
                    </Radio>
                    <Radio value="theirs">
                      <span className="faint">{words.theirs(by)}</span>
                      <Value field={clash.field} value={clash.theirs} />
                    </Radio>
                  </Radio.Group>
                </li>
              );
            })}
          </ul>
        </>
      )}
      <Button type="primary" onClick={decide}>
        {words.go}
      </Button>
    </section>
  );
}
