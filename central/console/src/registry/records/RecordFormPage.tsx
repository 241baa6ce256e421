// The page of a register's form: a new record, or one that is changed.

import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useParams, useSearchParams } from "react-router";
import { record, registerSchema } from "../../api/records.ts";
import { useLanguage, useText } from "../../locales/index.tsx";
import { Link } from "../../parts/Link.tsx";
import { useTitle } from "../../parts/Page.tsx";
import { Calm, Failed, Loading } from "../../parts/States.tsx";
import { Crumbs } from "./Crumbs.tsx";
import { RecordForm } from "./RecordForm.tsx";
import { countOf, fieldsOf } from "./spec.ts";
import { titleOf } from "./titles.ts";

export function RecordFormPage() {
  const text = useText();
  const words = text.records;
  const { language } = useLanguage();
  const { name = "", id } = useParams();
  const [search] = useSearchParams();
  const schema = useQuery(registerSchema(name));
  // What is being edited is not read again behind the person's back.
  const read = useQuery({
    ...record(name, id ?? ""),
    enabled: id !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchOnWindowFocus: false,
  });
  const fields = useMemo(() => (schema.data ? fieldsOf(schema.data.schema) : []), [schema.data]);
  const title = schema.data ? titleOf(schema.data.register, language) : "";
  useTitle(title);
  if (schema.isError)
    return <Failed error={schema.error} retry={() => schema.refetch()} missing={words.noRegister} />;
  if (read.isError)
    return <Failed error={read.error} retry={() => read.refetch()} missing={words.noRecord} />;
  if (!schema.data || (id !== undefined && !read.data)) return <Loading rows={8} />;
  const { register } = schema.data;
  if (id ? !read.data?.record.may.change : !register.may_write)
    return (
      <Calm title={id ? words.mayNotChange : words.mayNotWrite}>
        <Link to={`/registers/${name}${id ? `/${id}` : ""}`}>
          {id ? words.toRecord : words.imports.toList}
        </Link>
      </Calm>
    );
  const whose = (what: string) => Number(search.get(what)) || undefined;
  return (
    <div className="page record-page">
      <Crumbs entry={schema.data.register} last={read.data?.record.title || undefined} id={id} />
      <div className="page-head">
        <h1 className="page-title">{id ? words.change(title) : words.add(title)}</h1>
        <span className="faint">{words.fieldCount(countOf(fields))}</span>
      </div>
      <RecordForm
        key={`${name}.${id ?? "new"}`}
        entry={schema.data.register}
        fields={fields}
        read={id ? (read.data ?? null) : null}
        owner={{ enterprise_id: whose("enterprise_id"), agency_id: whose("agency_id") }}
      />
    </div>
  );
}
