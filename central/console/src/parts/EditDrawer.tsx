// The one way to add or change a record: a drawer with a form that keeps its draft, places every word of the
// centre at its field, and does not overwrite what somebody else changed meanwhile.

import { useMutation } from "@tanstack/react-query";
import { App, Button, Checkbox, Drawer, Form, Input, InputNumber, Select } from "antd";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { type Answer, Problem } from "../api/client.ts";
import { useMe } from "../identity/me.tsx";
import { useText } from "../locales/index.tsx";
import { forgetDraft, keepDraft, readDraft } from "./draft.ts";
import { fieldWords, problemWords } from "./States.tsx";
import { usePhone } from "./usePhone.ts";

export type Values = Record<string, unknown>;

export interface EditField {
  name: string;
  label: string;
  /** "text" when not said; "secret" is never kept in a draft; "own" is drawn by `input`. */
  kind?: "text" | "long" | "number" | "select" | "many" | "check" | "date" | "secret" | "own";
  required?: boolean;
  help?: ReactNode;
  options?: readonly { value: string | number; label: ReactNode; disabled?: boolean }[];
  /** Longest text. */
  max?: number;
  least?: number;
  most?: number;
  unit?: string;
  disabled?: boolean;
  /** Only while the other values say so. */
  when?: (values: Values) => boolean;
  /** A control with `value` and `onChange`, for `kind: "own"`. */
  input?: ReactNode;
}

interface Props<Saved> {
  /** Under which the draft is kept: what is edited, with its id ("agency.12", "agency.new"). */
  name: string;
  title: string;
  open: boolean;
  close: () => void;
  fields: readonly EditField[];
  /** The record as it was read, and its ETag. */
  initial?: Values;
  etag?: string | null;
  /** Sends it; the ETag goes along as If-Match. */
  save: (values: Values, etag: string | null) => Promise<Answer<Saved>>;
  saved: (answer: Answer<Saved>) => void;
  /** Reads the record again after somebody else changed it; the caller gives a fresh `initial` and `etag`. */
  reload?: () => Promise<unknown>;
  submit?: string;
  note?: ReactNode;
  width?: number;
}

export function EditDrawer<Saved = unknown>(props: Props<Saved>) {
  const text = useText();
  const phone = usePhone();
  return (
    <Drawer
      title={props.title}
      open={props.open}
      onClose={props.close}
      size={phone ? "100%" : (props.width ?? 520)}
      destroyOnHidden
      mask={{ closable: false }}
    >
      {props.open && (
        <Body {...props} key={props.name} close={props.close} submit={props.submit ?? text.parts.save} />
      )}
    </Drawer>
  );
}

function Body<Saved>(props: Props<Saved> & { submit: string }) {
  const { name, fields, initial = {}, etag = null, save, saved, reload, close, submit, note } = props;
  const text = useText();
  const me = useMe();
  const { message } = App.useApp();
  const [form] = Form.useForm<Values>();
  const draftName = `${me.account}.${name}`;
  const [draft] = useState(() => readDraft(draftName));
  const [restored, setRestored] = useState(draft !== null);
  const [elsewhere, setElsewhere] = useState<string[]>([]);
  const [overtaken, setOvertaken] = useState(false);
  const top = useRef<HTMLDivElement>(null);
  const values = Form.useWatch([], form) ?? { ...initial, ...draft };
  const shown = fields.filter((field) => field.when?.(values) ?? true);
  const secret = new Set(fields.filter((field) => field.kind === "secret").map((field) => field.name));

  useEffect(() => {
    if (elsewhere.length || overtaken) top.current?.scrollIntoView({ block: "nearest" });
  }, [elsewhere, overtaken]);

  const keep = useMutation({
    mutationFn: (typed: Values) => save(typed, etag),
    onSuccess: (answer) => {
      forgetDraft(draftName);
      message.success(text.parts.saved, 3);
      saved(answer);
      close();
    },
    onError: (error) => {
      if (error instanceof Problem && error.status === 412) {
        setOvertaken(true);
        return;
      }
      const rest: string[] = [];
      if (error instanceof Problem)
        for (const bad of error.fields) {
          const place = shown.find((field) => field.name === firstPart(bad.place));
          if (place) form.setFields([{ name: place.name, errors: [fieldWords(bad, text)] }]);
          else rest.push(fieldWords(bad, text));
        }
      const placed = error instanceof Problem ? error.fields.length - rest.length : 0;
      setElsewhere(placed && !rest.length ? [text.parts.lookAtFields(placed)] : [problemWords(error, text)]);
      const first = form.getFieldsError().find((field) => field.errors.length);
      if (first) form.scrollToField(first.name, { block: "center" });
    },
  });

  const start = () => {
    form.resetFields();
    form.setFieldsValue(initial);
    forgetDraft(draftName);
    setRestored(false);
    setElsewhere([]);
  };

  return (
    <Form<Values>
      form={form}
      layout="vertical"
      initialValues={{ ...initial, ...draft }}
      disabled={keep.isPending}
      onValuesChange={(_, all) => {
        // Only what differs from what was read: a draft that is opened again later undoes nobody's change.
        const changed = Object.entries(all).filter(
          ([key, value]) => !secret.has(key) && JSON.stringify(value) !== JSON.stringify(initial[key]),
        );
        if (changed.length) keepDraft(draftName, Object.fromEntries(changed));
        else forgetDraft(draftName);
      }}
      onFinish={(typed) => {
        setElsewhere([]);
        keep.mutate(typed);
      }}
      scrollToFirstError={{ block: "center" }}
    >
      <div ref={top} />
      {note && <p className="faint form-lead">{note}</p>}
      {restored && (
        <p className="notice">
          {text.parts.draft}{" "}
          <button type="button" className="quiet-link" onClick={start}>
            {text.parts.forgetDraft}
          </button>
        </p>
      )}
      {overtaken && (
        <div className="notice" role="alert">
          <p>{text.parts.overtaken}</p>
          {reload && (
            <Button
              size="small"
              onClick={async () => {
                await reload();
                setOvertaken(false);
                message.info(text.parts.reloaded, 6);
              }}
            >
              {text.parts.readAgain}
            </Button>
          )}
        </div>
      )}
      {elsewhere.map((words) => (
        <p key={words} className="form-missing" role="alert">
          <span aria-hidden="true">!</span> {words}
        </p>
      ))}
      {shown.map((field) => (
        <Form.Item
          key={field.name}
          name={field.name}
          label={field.kind === "check" ? undefined : field.label}
          extra={field.help}
          required={field.required}
          valuePropName={field.kind === "check" ? "checked" : "value"}
          rules={
            field.required && field.kind !== "check"
              ? [
                  {
                    validator: (_, value) =>
                      isBlank(value)
                        ? Promise.reject(new Error(text.parts.missing(field.label)))
                        : Promise.resolve(),
                  },
                ]
              : []
          }
        >
          {control(field)}
        </Form.Item>
      ))}
      <div className="form-foot">
        <Button type="primary" size="large" htmlType="submit" loading={keep.isPending} disabled={overtaken}>
          {submit}
        </Button>
        <Button size="large" onClick={close}>
          {text.cancel}
        </Button>
      </div>
      <p className="faint">{text.parts.requiredHelp}</p>
    </Form>
  );
}

function isBlank(value: unknown): boolean {
  return (
    value === undefined ||
    value === null ||
    (typeof value === "string" && value.trim() === "") ||
    (Array.isArray(value) && value.length === 0)
  );
}

/** `$.contact.phone`, `areas[2]` and `name` all stand at the field that they begin with. */
function firstPart(place: string): string {
  return place.replace(/^\$\.?/, "").split(/[.[]/)[0] ?? "";
}

function control(field: EditField): ReactNode {
  const { disabled, max = 200 } = field;
  switch (field.kind) {
    case "own":
      return field.input;
    case "long":
      return (
        <Input.TextArea
          disabled={disabled}
          maxLength={field.max ?? 1000}
          autoSize={{ minRows: 2, maxRows: 8 }}
        />
      );
    case "number":
      return (
        <InputNumber
          disabled={disabled}
          min={field.least}
          max={field.most}
          suffix={field.unit}
          style={{ width: "100%" }}
        />
      );
    case "select":
    case "many":
      return (
        <Select
          disabled={disabled}
          mode={field.kind === "many" ? "multiple" : undefined}
          allowClear={!field.required}
          showSearch={{ optionFilterProp: "label" }}
          options={field.options ? [...field.options] : []}
        />
      );
    case "check":
      return <Checkbox disabled={disabled}>{field.label}</Checkbox>;
    case "date":
      return <Input type="date" disabled={disabled} />;
    case "secret":
      return <Input.Password disabled={disabled} maxLength={max} autoComplete="new-password" />;
    default:
      return <Input disabled={disabled} maxLength={max} />;
  }
}
