// The parts of a long form to jump by, each with what is still missing in it.

import { Form, Select } from "antd";
import { useLanguage, useText } from "../../locales/index.tsx";
import { usePhone } from "../../parts/usePhone.ts";
import type { FormProblem } from "./Problems.tsx";
import { headingOf, type Section } from "./spec.ts";
import { anchorOf, faultsOf, isAsked, isEmpty, valueAt } from "./values.ts";

export function SectionList({
  sections,
  problems,
}: {
  sections: readonly Section[];
  problems: readonly FormProblem[];
}) {
  const text = useText();
  const words = text.records;
  const phone = usePhone();
  const { language } = useLanguage();
  const form = Form.useFormInstance();
  const values = (Form.useWatch([], form) ?? {}) as Record<string, unknown>;
  const parts = sections.flatMap((section, index) => {
    if (section.field && !isAsked(section.field, values)) return [];
    const block = section.field?.kind === "block";
    const missing = faultsOf(section.fields, block ? values[section.name] : values, true).length;
    const wrong = problems.filter((problem) => section.name && problem.place[0] === section.name).length;
    const inside = block ? values[section.name] : values;
    const filled = section.fields.filter((field) => !isEmpty(valueAt(inside, [field.name]))).length;
    return {
      id: block ? anchorOf([section.name]) : `section-${index}`,
      name: headingOf(section, index, language, words),
      words: wrong
        ? words.wrongHere(wrong)
        : missing
          ? words.missingHere(missing)
          : words.filledHere(filled, section.fields.length),
      left: missing + wrong,
    };
  });
  const go = (id: string) => document.getElementById(id)?.scrollIntoView({ block: "start" });
  const left = parts.reduce((sum, part) => sum + part.left, 0);
  if (phone)
    return (
      <div className="form-parts form-parts-phone">
        <Select
          aria-label={words.parts}
          value={null}
          placeholder={left ? words.partsLeft(left) : words.partsDone}
          options={parts.map((part) => ({ value: part.id, label: `${part.name}（${part.words}）` }))}
          onChange={(id: string | null) => id && go(id)}
          style={{ width: "100%" }}
        />
      </div>
    );
  return (
    <nav className="form-parts" aria-label={words.parts}>
      <p className="faint">{left ? words.partsLeft(left) : words.partsDone}</p>
      <ol>
        {parts.map((part) => (
          <li key={part.id}>
            <button type="button" className="form-part" onClick={() => go(part.id)}>
              <span>{part.name}</span>
              <span className={part.left ? "form-part-left" : "faint"}>{part.words}</span>
            </button>
          </li>
        ))}
      </ol>
    </nav>
  );
}
