// One record as it is read: what state it is in and what to do about it first, then its blocks.

import {
  DeleteOutlined,
  EditOutlined,
  HistoryOutlined,
  PrinterOutlined,
  SendOutlined,
} from "@ant-design/icons";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button, Segmented } from "antd";
import { useMemo, useState } from "react";
import { useNavigate, useParams } from "react-router";
import { Problem, send, withQuery } from "../../api/client.ts";
import {
  fileUrl,
  type ReadRecord,
  type RegisterEntry,
  record,
  registerSchema,
  type StoredFile,
  type Values,
} from "../../api/records.ts";
import { useLanguage, useText } from "../../locales/index.tsx";
import { ConfirmReason } from "../../parts/ConfirmReason.tsx";
import { type Detail, Details } from "../../parts/Details.tsx";
import { Card, useTitle } from "../../parts/Page.tsx";
import { Failed, Loading, problemWords } from "../../parts/States.tsx";
import { When } from "../../parts/When.tsx";
import { Crumbs } from "./Crumbs.tsx";
import { History } from "./History.tsx";
import { type Mark, MarkedPicture } from "./MarkedPicture.tsx";
import { Review } from "./Review.tsx";
import { StateSign } from "./StateSign.tsx";
import { type Field, fieldsOf, headingOf, labelOf, sectionsOf } from "./spec.ts";
import { Value } from "./Value.tsx";
import { isAsked, isEmpty, leavesOf, sameValue, valueAt } from "./values.ts";

export function RecordPage() {
  const { name = "", id = "" } = useParams();
  const text = useText();
  const schema = useQuery(registerSchema(name));
  const read = useQuery(record(name, id));
  const fields = useMemo(() => (schema.data ? fieldsOf(schema.data.schema) : []), [schema.data]);
  useTitle(read.data?.record.title ?? "");
  if (schema.isError)
    return <Failed error={schema.error} retry={() => schema.refetch()} missing={text.records.noRegister} />;
  if (read.isError && !read.data)
    return <Failed error={read.error} retry={() => read.refetch()} missing={text.records.noRecord} />;
  if (!schema.data || !read.data) return <Loading rows={8} />;
  return <Shown key={`${name}.${id}`} entry={schema.data.register} fields={fields} read={read.data} />;
}

function Shown({
  entry,
  fields,
  read,
}: {
  entry: RegisterEntry;
  fields: readonly Field[];
  read: ReadRecord;
}) {
  const text = useText();
  const words = text.records;
  const client = useQueryClient();
  const navigate = useNavigate();
  const { message } = App.useApp();
  const [history, setHistory] = useState(false);
  const [removing, setRemoving] = useState(false);
  const { record: kept, etag } = read;
  // Two versions: what is being worked on, and what counts until that is approved.
  const differs = kept.counted !== null && kept.state !== "valid" && !sameValue(kept.counted, kept.values);
  const [which, setWhich] = useState<"now" | "counted">("now");
  const values = differs && which === "counted" ? (kept.counted ?? {}) : kept.values;
  const changed = useMemo(
    () =>
      new Set(
        differs
          ? leavesOf(fields)
              .filter(({ place }) => !sameValue(valueAt(kept.counted, place), valueAt(kept.values, place)))
              .map(({ place }) => place.join("."))
          : [],
      ),
    [differs, fields, kept],
  );
  const path = `/api/v1/registers/${entry.name}/${kept.id}`;
  const renew = () => {
    client.invalidateQueries({ queryKey: [`registers/${entry.name}`] });
    client.invalidateQueries({ queryKey: ["registers-waiting"] });
  };
  const submit = useMutation({
    mutationFn: () => send("POST", `${path}/submit`, { etag }),
    onSuccess: () => {
      message.success(entry.reviewed ? words.submitted : words.nowValid, 4);
      renew();
    },
    onError: (error) => {
      // What is missing is shown where it is filled in.
      if (error instanceof Problem && error.fields.length && kept.may.change) {
        navigate(`/registers/${entry.name}/${kept.id}/edit`, { state: { wrong: error.fields } });
        return;
      }
      renew();
      message.error(problemWords(error, text), 8);
    },
  });
  const of = { register: entry.name, id: kept.id };
  return (
    <div className="page record-page">
      <Crumbs entry={entry} />
      <div className="page-head">
        <h1 className="page-title">{kept.title || words.untitled}</h1>
        <StateSign state={kept.state} />
        <div className="page-actions">
          {kept.may.submit && (
            <Button
              type="primary"
              icon={<SendOutlined />}
              loading={submit.isPending}
              onClick={() => submit.mutate()}
            >
              {entry.reviewed ? words.submit : words.makeValid}
            </Button>
          )}
          {kept.may.change && (
            <Button
              type={kept.may.submit || kept.may.review ? "default" : "primary"}
              icon={<EditOutlined />}
              onClick={() => navigate(`/registers/${entry.name}/${kept.id}/edit`)}
            >
              {words.edit}
            </Button>
          )}
          <Button icon={<HistoryOutlined />} onClick={() => setHistory(true)}>
            {words.history}
          </Button>
          <Button
            icon={<PrinterOutlined />}
            href={`/registers/${entry.name}/${kept.id}/print`}
            target="_blank"
          >
            {words.print}
          </Button>
          {kept.may.remove && (
            <Button icon={<DeleteOutlined />} onClick={() => setRemoving(true)}>
              {words.remove}
            </Button>
          )}
        </div>
      </div>
      <p className="faint record-facts">
        <span>{kept.owner_name}</span>
        <span>
          {words.changedBy(kept.changed_by)} <When at={kept.changed_at} />
        </span>
        {kept.submitted_at && kept.state === "submitted" && (
          <span>
            {words.submittedAt} <When at={kept.submitted_at} />
          </span>
        )}
        {kept.reviewed_at && (
          <span>
            {words.reviewedBy(kept.reviewed_by)} <When at={kept.reviewed_at} />
          </span>
        )}
        {kept.valid_from && entry.dated && <span>{words.validFrom(kept.valid_from)}</span>}
      </p>
      {kept.state === "returned" && (
        <p className="notice" role="status">
          <strong>{words.returnedBecause}</strong> {kept.opinion || words.noOpinion}
        </p>
      )}
      {kept.may.review && <Review path={path} etag={etag} done={renew} changes={changed.size} />}
      {differs && (
        <div className="notice record-two">
          <span>{words.twoVersions(changed.size)}</span>
          <Segmented
            aria-label={words.versions}
            value={which}
            onChange={setWhich}
            options={[
              { value: "now", label: words.workedOn },
              { value: "counted", label: words.counts },
            ]}
          />
        </div>
      )}
      <Copied given={kept.given} />
      <Blocks fields={fields} values={values} of={of} changed={changed} />
      <History
        open={history}
        close={() => setHistory(false)}
        entry={entry}
        id={kept.id}
        fields={fields}
        title={kept.title || words.untitled}
      />
      <ConfirmReason
        title={words.removeTitle(kept.title || words.untitled)}
        what={words.removeWhat}
        open={removing}
        close={() => setRemoving(false)}
        usual={words.removeUsual}
        run={(reason) => send("DELETE", withQuery(path, { reason }), { etag })}
        done={() => {
          renew();
          navigate(`/registers/${entry.name}`, { replace: true });
        }}
        submit={words.remove}
      />
    </div>
  );
}

/** What the paper form copies from another one; it is kept there only. */
function Copied({ given }: { given: ReadRecord["record"]["given"] }) {
  const text = useText();
  const { language } = useLanguage();
  if (given.length === 0) return null;
  return (
    <Card title={text.records.copied} label={text.records.copied}>
      <div className="record-details">
        <Details
          items={given.map((one): Detail => [language === "en" ? one.title_en : one.title, one.text])}
        />
      </div>
    </Card>
  );
}

function Blocks(props: {
  fields: readonly Field[];
  values: Values;
  of: { register: string; id: number };
  changed: ReadonlySet<string>;
}) {
  const text = useText();
  const { language } = useLanguage();
  const sections = sectionsOf(props.fields);
  const plan = leavesOf(props.fields)
    .filter(({ field }) => field.kind === "picture")
    .map(({ place }) => valueAt(props.values, place) as StoredFile[] | undefined)
    .find((files) => files?.length)?.[0];
  return sections.map((section, index) => {
    const asked = section.field && valueAt(props.values, [section.name]);
    if (section.field && !isAsked(section.field, props.values) && isEmpty(asked)) return null;
    const block = section.field?.kind === "block";
    const inside = block ? valueAt(props.values, [section.name]) : props.values;
    const at = block ? [section.name] : [];
    const label = headingOf(section, index, language, text.records);
    return (
      <Card
        key={section.name || index}
        title={sections.length > 1 || section.field ? label : undefined}
        label={label}
      >
        <FieldList
          fields={section.fields}
          values={inside}
          at={at}
          plan={plan}
          of={props.of}
          changed={props.changed}
        />
      </Card>
    );
  });
}

/** Rows that are points of a plan, all on the plan: their numbers are those of the rows below. */
function Marked({
  field,
  rows,
  plan,
  of,
}: {
  field: Field;
  rows: unknown;
  plan: StoredFile;
  of: { register: string; id: number };
}) {
  const mark = field.inside.find((inner) => inner.kind === "mark");
  const title = field.inside.find((inner) => inner.kind === "text");
  const others = (Array.isArray(rows) ? rows : []).flatMap((row: Values, index) => {
    const point = mark && row[mark.name];
    return point
      ? [{ mark: point as Mark, number: index + 1, name: String((title && row[title.name]) ?? "") }]
      : [];
  });
  if (!others.length) return null;
  return <MarkedPicture source={fileUrl(of.register, of.id, plan.sha256)} name={plan.name} others={others} />;
}

function FieldList({
  fields,
  values,
  at,
  of,
  plan,
  changed,
}: {
  fields: readonly Field[];
  values: unknown;
  at: readonly string[];
  of: { register: string; id: number };
  plan: StoredFile | undefined;
  changed: ReadonlySet<string>;
}) {
  const text = useText();
  const { language } = useLanguage();
  const items: Detail[] = [];
  const further = [];
  for (const field of fields) {
    const value = valueAt(values, [field.name]);
    if (field.when && !isAsked(field, values) && isEmpty(value)) continue;
    const place = [...at, field.name];
    const label = labelOf(field, language);
    if (field.kind === "block")
      further.push(
        <section key={field.name} className="record-block">
          <h3>{label}</h3>
          <FieldList fields={field.inside} values={value} at={place} of={of} plan={plan} changed={changed} />
        </section>,
      );
    else if (field.kind === "group")
      further.push(
        <section key={field.name} className="record-block">
          {fields.length > 1 && <h3>{label}</h3>}
          {plan && <Marked field={field} rows={value} plan={plan} of={of} />}
          <Value field={field} value={value} of={of} place={place} />
        </section>,
      );
    else
      items.push([
        label,
        <span key={field.name} className={changed.has(place.join(".")) ? "value-changed" : undefined}>
          <Value field={field} value={value} of={of} place={place} plan={plan} />
          {changed.has(place.join(".")) && <span className="note">{text.records.differsHere}</span>}
        </span>,
      ]);
  }
  return (
    <>
      {items.length > 0 && (
        <div className="record-details">
          <Details items={items} dashes />
        </div>
      )}
      {further}
    </>
  );
}
