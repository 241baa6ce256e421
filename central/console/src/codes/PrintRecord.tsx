// One record for paper: A4, in the form's own order, with head, state and the code of its subject.

import { PrinterOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useParams } from "react-router";
import { codeOf } from "../api/codes.ts";
import { fileUrl, record, registerSchema, type StoredFile, type Values } from "../api/records.ts";
import { useMe } from "../identity/me.tsx";
import { useLanguage, useText } from "../locales/index.tsx";
import { Link } from "../parts/Link.tsx";
import { useTitle } from "../parts/Page.tsx";
import { Failed, Loading } from "../parts/States.tsx";
import { fullTime } from "../parts/time.ts";
import { type Field, fieldsOf, labelOf, sectionsOf } from "../registry/records/spec.ts";
import { isEmpty } from "../registry/records/values.ts";
import { valueWords } from "../registry/records/words.ts";

interface Of {
  register: string;
  id: number;
}

export function PrintRecord() {
  const { name = "", id = "" } = useParams();
  const text = useText();
  const { language } = useLanguage();
  const words = text.subjectCodes.record;
  const me = useMe();
  const schema = useQuery(registerSchema(name));
  const read = useQuery(record(name, id));
  const kept = read.data?.record;
  const entry = schema.data?.register;
  // A coded record has a code of its own, any other of an enterprise shows that of the enterprise.
  const coded = entry?.coded ? name : "enterprise";
  const subject = entry?.coded ? kept?.id : kept?.enterprise_id;
  const code = useQuery({ ...codeOf(coded, subject ?? 0), enabled: Boolean(subject) });
  useTitle(kept?.title ?? "");
  if (schema.isError) return <Failed error={schema.error} missing={text.records.noRegister} />;
  if (read.isError) return <Failed error={read.error} missing={text.records.noRecord} />;
  if (!schema.data || !entry || !kept) return <Loading rows={8} />;
  const of = { register: name, id: kept.id };
  const line = (said: string, at: string | null) => (at ? `${said} ${fullTime(at)}` : "");
  return (
    <div className="paper">
      <header className="paper-tools">
        <Button type="primary" icon={<PrinterOutlined />} onClick={() => window.print()}>
          {words.print}
        </Button>
        <Link to={`/registers/${name}/${kept.id}`}>{words.back}</Link>
      </header>
      <article className="paper-page">
        <header className="paper-head">
          <div>
            <h1>{language === "en" ? entry.title_en : entry.title}</h1>
            <p className="paper-owner">{kept.owner_name}</p>
            <p>
              {text.records.states[kept.state]} · {words.version(kept.version)}
              {kept.counted !== null && kept.state !== "valid" ? ` · ${words.working}` : ""}
            </p>
          </div>
          {code.data && (
            <figure>
              <img src={code.data.picture} alt={words.code} width={96} height={96} />
            </figure>
          )}
        </header>
        {kept.given.length > 0 && (
          <section className="paper-section">
            <h2>{text.records.copied}</h2>
            <dl className="paper-fields">
              {kept.given.map((one) => (
                <div key={one.title} className="paper-wide">
                  <dt>{language === "en" ? one.title_en : one.title}</dt>
                  <dd>{one.text}</dd>
                </div>
              ))}
            </dl>
          </section>
        )}
        {sectionsOf(schema.data ? fieldsOf(schema.data.schema) : []).map((section) => (
          <Section
            key={section.fields[0]?.name ?? section.name}
            heading={section.field}
            fields={section.fields}
            values={
              section.field?.kind === "block" ? ((kept.values[section.name] ?? {}) as Values) : kept.values
            }
            of={of}
          />
        ))}
        <footer className="paper-foot">
          <p>
            {[
              line(`${words.filled} ${kept.changed_by}`, kept.changed_at),
              line(`${words.reviewed} ${kept.reviewed_by}`, kept.reviewed_at),
              `${words.printedBy} ${me.display_name}`,
            ]
              .filter(Boolean)
              .join("　")}
          </p>
          <p className="paper-sign">
            <span>{words.sign}</span>
            <span>{words.date}</span>
          </p>
        </footer>
      </article>
    </div>
  );
}

function Section({
  heading,
  fields,
  values,
  of,
}: {
  heading: Field | null;
  fields: readonly Field[];
  values: Values;
  of: Of;
}) {
  const { language } = useLanguage();
  return (
    <section className="paper-section">
      {heading && <h2>{labelOf(heading, language)}</h2>}
      <dl className="paper-fields">
        {fields.map((field) => (
          <Line key={field.name} field={field} value={values[field.name]} of={of} named={field !== heading} />
        ))}
      </dl>
    </section>
  );
}

function Line({ field, value, of, named }: { field: Field; value: unknown; of: Of; named: boolean }) {
  const { language } = useLanguage();
  const wide = ["group", "block", "long-text", "picture", "file"].includes(field.kind);
  return (
    <div className={wide ? "paper-wide" : undefined}>
      {named && <dt>{labelOf(field, language)}</dt>}
      <dd>
        <Printed field={field} value={value} of={of} />
      </dd>
    </div>
  );
}

function Printed({ field, value, of }: { field: Field; value: unknown; of: Of }) {
  const text = useText();
  const { language } = useLanguage();
  if (isEmpty(value)) return "—";
  if (field.kind === "group") return <Table field={field} rows={value as Values[]} of={of} />;
  if (field.kind === "picture")
    return (
      <span className="paper-pictures">
        {(value as StoredFile[]).map((file) => (
          <img key={file.sha256} src={fileUrl(of.register, of.id, file.sha256, true)} alt={file.name} />
        ))}
      </span>
    );
  return valueWords(field, value, text, language);
}

function Table({ field, rows, of }: { field: Field; rows: readonly Values[]; of: Of }) {
  const { language } = useLanguage();
  const columns = field.inside.filter((inner) => rows.some((row) => !isEmpty(row[inner.name])));
  return (
    <table>
      <thead>
        <tr>
          {columns.map((inner) => (
            <th key={inner.name} scope="col">
              {labelOf(inner, language)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, number) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: rows of a record have no names and are only read
          <tr key={number}>
            {columns.map((inner) => (
              <td key={inner.name}>
                <Printed field={inner} value={row[inner.name]} of={of} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
