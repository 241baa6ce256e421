// The fields of a form in the document's order: each at its place with its label, help, and what is wrong with it.

import { CopyOutlined, DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { Button, Form } from "antd";
import { createContext, memo, type ReactNode, useContext } from "react";
import { useLanguage, useText } from "../../locales/index.tsx";
import { usePhone } from "../../parts/usePhone.ts";
import { Control, isWide } from "./controls.tsx";
import { type Field, labelOf } from "./spec.ts";
import { anchorOf, isAsked, type Place } from "./values.ts";

// A rule that always holds: the form forgets what was said of a field as soon as the field changes.
const FORGET = [{ validator: () => Promise.resolve() }];

// How much of a place the form already knows: inside a list of rows names are counted from the list on.
const Known = createContext(0);

/** Above this many fields a row of a group is a card on a wide screen too. */
const MOST_COLUMNS = 6;

export function Fields({ fields, at = [] }: { fields: readonly Field[]; at?: Place }) {
  return (
    <div className="fields">
      {fields.map((field) => (
        <OneField key={field.name} field={field} at={at} />
      ))}
    </div>
  );
}

const OneField = memo(
  function OneField({ field, at }: { field: Field; at: Place }) {
    if (field.when) return <Asked field={field} at={at} />;
    return <Drawn field={field} at={at} />;
  },
  (before, after) => before.field === after.field && before.at.join() === after.at.join(),
);

/** A field that is there only while another one says so. */
function Asked({ field, at }: { field: Field; at: Place }) {
  const form = Form.useFormInstance();
  const name = field.when?.field ?? "";
  const value = Form.useWatch([...at, name], form);
  return isAsked(field, { [name]: value }) ? <Drawn field={field} at={at} /> : null;
}

function Drawn({ field, at }: { field: Field; at: Place }) {
  const { language } = useLanguage();
  const place = [...at, field.name];
  if (field.kind === "block")
    return (
      <fieldset className="field-block field-wide" id={anchorOf(place)}>
        <legend>{labelOf(field, language)}</legend>
        <Fields fields={field.inside} at={place} />
      </fieldset>
    );
  if (field.kind === "group") return <Group field={field} at={place} />;
  return (
    <div className={isWide(field) ? "field field-wide" : "field"} id={anchorOf(place)}>
      <Item field={field} place={place} label={<Label field={field} />} />
    </div>
  );
}

function Item({ field, place, label }: { field: Field; place: Place; label?: ReactNode }) {
  const text = useText();
  const known = useContext(Known);
  const help = [
    field.note,
    field.personal ? text.records.personalHelp : "",
    field.uncertain ? text.records.uncertain : "",
  ].filter(Boolean);
  return (
    <Form.Item
      name={place.slice(known)}
      label={label}
      required={field.required}
      extra={label && help.length ? help.join(" ") : undefined}
      rules={FORGET}
    >
      <Control field={field} />
    </Form.Item>
  );
}

function Label({ field }: { field: Field }) {
  const { language } = useLanguage();
  return <>{labelOf(field, language)}</>;
}

/** Rows of one kind: on a wide screen a table while they fit one, else cards. */
function Group({ field, at }: { field: Field; at: Place }) {
  const text = useText();
  const phone = usePhone();
  const { language } = useLanguage();
  const form = Form.useFormInstance();
  const known = useContext(Known);
  const asTable =
    !phone &&
    field.inside.length <= MOST_COLUMNS &&
    field.inside.every((inner) => !isWide(inner) || inner.kind === "choice") &&
    field.inside.every((inner) => !inner.when && inner.kind !== "choice");
  const label = labelOf(field, language);
  return (
    <Form.List name={at.slice(known)}>
      {(rows, { add, remove }, { errors }) => (
        <Known value={at.length}>
          <fieldset className="group field-wide" id={anchorOf(at)}>
            <legend>
              {field.required && (
                <span className="group-required" aria-hidden="true">
                  *{" "}
                </span>
              )}
              {label} <span className="faint">{text.records.rowCount(rows.length)}</span>
            </legend>
            {field.note && <p className="faint">{field.note}</p>}
            {asTable && rows.length > 0 && (
              <div className="group-table" style={columnsOf(field)}>
                <div className="group-head">
                  <span />
                  {field.inside.map((inner) => (
                    <span key={inner.name}>
                      {inner.required && <span className="group-required">* </span>}
                      {labelOf(inner, language)}
                      {inner.unit && <span className="faint"> ({inner.unit})</span>}
                    </span>
                  ))}
                  <span />
                </div>
                {rows.map((row, index) => (
                  // A fieldset takes no columns of the table around it.
                  // biome-ignore lint/a11y/useSemanticElements: see above
                  <div key={row.key} className="group-row" role="group" aria-label={`${label} ${index + 1}`}>
                    <span className="faint">{index + 1}</span>
                    {field.inside.map((inner) => (
                      <div key={inner.name} id={anchorOf([...at, index, inner.name])} title={inner.note}>
                        <Item field={inner} place={[...at, row.name, inner.name]} />
                      </div>
                    ))}
                    <Button
                      type="text"
                      icon={<DeleteOutlined />}
                      aria-label={text.records.removeRow(index + 1)}
                      onClick={() => remove(row.name)}
                    />
                  </div>
                ))}
              </div>
            )}
            {!asTable &&
              rows.map((row, index) => (
                <fieldset key={row.key} className="group-card" aria-label={`${label} ${index + 1}`}>
                  <div className="group-card-head">
                    <strong>
                      {label} {index + 1}
                    </strong>
                    <Button
                      type="text"
                      icon={<CopyOutlined />}
                      aria-label={text.records.copyRow(index + 1)}
                      title={text.records.copyRow(index + 1)}
                      disabled={rows.length >= (field.longest || 200)}
                      onClick={() => add(form.getFieldValue([...at, row.name]), index + 1)}
                    />
                    <Button
                      type="text"
                      icon={<DeleteOutlined />}
                      aria-label={text.records.removeRow(index + 1)}
                      onClick={() => remove(row.name)}
                    />
                  </div>
                  <Fields fields={field.inside} at={[...at, row.name]} />
                </fieldset>
              ))}
            <Form.ErrorList errors={errors} />
            <Button
              icon={<PlusOutlined />}
              disabled={rows.length >= (field.longest || 200)}
              onClick={() => add({})}
            >
              {text.records.addRow(label)}
            </Button>
          </fieldset>
        </Known>
      )}
    </Form.List>
  );
}

function columnsOf(field: Field) {
  const tracks = field.inside.map((inner) =>
    inner.kind === "number" || inner.kind === "whole" || inner.kind === "yes-no"
      ? "minmax(7rem, 1fr)"
      : "minmax(9rem, 1.6fr)",
  );
  return { gridTemplateColumns: `2rem ${tracks.join(" ")} 2.5rem` };
}
