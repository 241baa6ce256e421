// The list of one register: columns, filters and states as its declaration says them.

import { DownloadOutlined, ImportOutlined, PlusOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Button, Dropdown } from "antd";
import { useMemo, useState } from "react";
import { useNavigate, useParams, useSearchParams } from "react-router";
import { withQuery } from "../../api/client.ts";
import { type Filter, listOf } from "../../api/list.ts";
import { type RecordRow, type RegisterEntry, registerSchema } from "../../api/records.ts";
import { useMe } from "../../identity/me.tsx";
import { type Catalogue, type Language, useLanguage, useText } from "../../locales/index.tsx";
import type { FilterField } from "../../parts/FilterBar.tsx";
import { Link } from "../../parts/Link.tsx";
import { ListPage } from "../../parts/ListPage.tsx";
import type { Column } from "../../parts/Rows.tsx";
import { Failed, Loading } from "../../parts/States.tsx";
import { usePhone } from "../../parts/usePhone.ts";
import { Age } from "../../parts/When.tsx";
import { CountsBar, Totals } from "./CountsBar.tsx";
import { Crumbs } from "./Crumbs.tsx";
import { SavedViews } from "./SavedViews.tsx";
import { StateSign } from "./StateSign.tsx";
import { type Field, fieldsOf, labelOf } from "./spec.ts";
import { groupOf, titleOf } from "./titles.ts";
import { valueWords } from "./words.ts";

/** Filters of the address as the centre names them: `f.valid_from` of a day filter is `values.valid.from`. */
export function askedOf(fields: readonly Field[], filter: Filter): Filter {
  const days = new Set(
    fields.filter(isDays).flatMap((field) => [`f.${field.name}_from`, `f.${field.name}_to`]),
  );
  return Object.fromEntries(
    Object.entries(filter).map(([name, value]) => {
      const plain = name.replace(/^f\./, "values.");
      return [days.has(name) ? plain.replace(/_(from|to)$/, ".$1") : plain, value];
    }),
  );
}

const isDays = (field: Field) => field.kind === "day" || field.kind === "span";

export function RecordList() {
  const text = useText();
  const { name = "" } = useParams();
  const schema = useQuery(registerSchema(name));
  const fields = useMemo(() => (schema.data ? fieldsOf(schema.data.schema) : []), [schema.data]);
  if (schema.isError)
    return <Failed error={schema.error} retry={() => schema.refetch()} missing={text.records.noRegister} />;
  if (!schema.data) return <Loading rows={6} />;
  return <Listed key={name} entry={schema.data.register} fields={fields} />;
}

function Listed({ entry, fields }: { entry: RegisterEntry; fields: readonly Field[] }) {
  const text = useText();
  const words = text.records;
  const { language } = useLanguage();
  const phone = usePhone();
  const me = useMe();
  const navigate = useNavigate();
  const [search] = useSearchParams();
  const named = (wanted: readonly string[]) =>
    wanted.map((one) => fields.find((field) => field.name === one)).filter((field) => field !== undefined);
  // The title is found by the search field.
  const filters = named(entry.filters.filter((one) => one !== entry.title_field || !isText(one, fields)));
  const [first, further] = split(filters, phone);
  const setFurther = further.some((field) =>
    [`f.${field.name}`, `f.${field.name}_from`, `f.${field.name}_to`].some((one) => search.get(one)),
  );
  // What narrows the list is always in sight, also when a saved view or a tally set it.
  const [asked, setAsked] = useState(false);
  const opened = asked || setFurther;
  const own = me.enterprise_id !== null;
  const title = titleOf(entry, language);
  const columns = useColumnsOf(entry, fields, own);
  const query = useMemo(() => {
    const list = listOf<RecordRow>(`registers/${entry.name}`);
    return (filter: Filter) => list(askedOf(fields, filter));
  }, [entry.name, fields]);
  const path = `/api/v1/registers/${entry.name}`;
  const takeOut = (kind: "xlsx" | "csv", filter: Filter) => {
    window.location.assign(withQuery(`${path}/export.${kind}`, askedOf(fields, filter)));
  };
  const filterFields: FilterField<RecordRow>[] = [
    { kind: "text", name: "q", label: words.search(labelOf(titleField(entry, fields), language)) },
    {
      kind: "chip",
      name: "enterprise_id",
      words: (id, rows) =>
        rows.find((row) => String(row.enterprise_id) === id)?.owner_name ?? words.oneEnterprise,
    },
    { kind: "choice", name: "state", label: words.state, options: stateOptions(entry, text) },
    ...(opened ? [...first, ...further] : first).map((field) => filterOf(field, text, language)),
  ];
  const current = Object.fromEntries(
    [...search].filter(
      ([one]) => one === "q" || one === "state" || one === "enterprise_id" || one.startsWith("f."),
    ),
  );
  const enterprise = search.get("enterprise_id");
  return (
    <>
      <Crumbs entry={entry} list />
      <ListPage<RecordRow>
        name={`register-${entry.name}`}
        title={title}
        query={query}
        fields={filterFields}
        rows={{
          columns,
          rowKey: (row) => row.id,
          name: (row) => row.title || words.untitled,
          to: (row) => `/registers/${entry.name}/${row.id}`,
          card: (row) => <RowCard row={row} fields={named(entry.columns)} own={own} />,
        }}
        actions={
          <>
            {entry.may_write && (
              <Button
                type="primary"
                icon={<PlusOutlined />}
                onClick={() =>
                  navigate(
                    withQuery(`/registers/${entry.name}/new`, { enterprise_id: enterprise ?? undefined }),
                  )
                }
              >
                {words.addOne}
              </Button>
            )}
            {entry.may_write && !phone && (
              <Button icon={<ImportOutlined />} onClick={() => navigate(`/registers/${entry.name}/import`)}>
                {words.importIt}
              </Button>
            )}
            <Dropdown
              trigger={["click"]}
              menu={{
                items: [
                  { key: "xlsx", label: words.exportXlsx },
                  { key: "csv", label: words.exportCsv },
                  { key: "template", label: words.template },
                ],
                onClick: ({ key }) =>
                  key === "template"
                    ? window.location.assign(`${path}/template.xlsx`)
                    : takeOut(key === "csv" ? "csv" : "xlsx", current),
              }}
            >
              <Button icon={<DownloadOutlined />}>{text.parts.exportIt}</Button>
            </Dropdown>
          </>
        }
        beside={(_filter, set) => (
          <>
            {further.length > 0 && !setFurther && (
              <Button type="link" onClick={() => setAsked(!asked)} aria-expanded={opened}>
                {opened ? words.fewerFilters : words.moreFilters(further.length)}
              </Button>
            )}
            <SavedViews name={`register-${entry.name}`} />
            <CountsBar
              entry={entry}
              field={tallied(entry, filters)}
              filter={askedOf(fields, current)}
              chosen={(field) => current[`f.${field.name}`] ?? ""}
              choose={(field, value) => set({ [`f.${field.name}`]: value })}
            />
          </>
        )}
        empty={words.empty}
        emptyAll={<Nothing entry={entry} />}
        after={<Totals entry={entry} fields={fields} filter={askedOf(fields, current)} />}
        note={groupNote(entry, text)}
      />
    </>
  );
}

function isText(name: string, fields: readonly Field[]): boolean {
  return fields.find((field) => field.name === name)?.kind === "text";
}

function groupNote(entry: RegisterEntry, text: Catalogue): string {
  const words = text.records;
  return [
    groupOf(entry, text),
    entry.reviewed ? words.noteReviewed : "",
    entry.shared ? words.noteShared : "",
    entry.single ? words.noteSingle : "",
  ]
    .filter(Boolean)
    .join(" · ");
}

function titleField(entry: RegisterEntry, fields: readonly Field[]): Field | { zh: string; en: string } {
  return fields.find((field) => field.name === entry.title_field) ?? { zh: entry.title, en: entry.title_en };
}

/** What is always in sight, and what is opened when asked for. */
function split(filters: readonly Field[], phone: boolean): [Field[], Field[]] {
  const sight = phone
    ? []
    : [...filters.filter((field) => field.kind === "choice" || field.kind === "yes-no").slice(0, 1)];
  const shown = filters.filter(
    (field) => field.kind !== "link" && field.kind !== "spot" && field.kind !== "mark",
  );
  return [shown.filter((field) => sight.includes(field)), shown.filter((field) => !sight.includes(field))];
}

function tallied(entry: RegisterEntry, filters: readonly Field[]): Field | undefined {
  const wanted = entry.tallies[0];
  return (
    filters.find((field) => field.name === wanted) ??
    filters.find((field) => field.kind === "choice" && field.choices.length > 1)
  );
}

function stateOptions(entry: RegisterEntry, text: Catalogue) {
  const states = entry.reviewed ? ["draft", "submitted", "returned", "valid"] : ["draft", "valid"];
  return [
    { value: "", label: text.records.allStates },
    ...states.map((state) => ({ value: state, label: text.records.states[state] ?? state })),
  ];
}

function filterOf(field: Field, text: Catalogue, language: Language): FilterField<RecordRow> {
  const label = labelOf(field, language);
  const name = `f.${field.name}`;
  const any = { value: "", label: text.records.any(label) };
  if (field.kind === "choice" || field.kind === "choices")
    return {
      kind: "select",
      name,
      label,
      width: 180,
      options: [any, ...field.choices.map((one) => ({ value: one.code, label: labelOf(one, language) }))],
    };
  if (field.kind === "yes-no")
    return {
      kind: "select",
      name,
      label,
      width: 180,
      options: [
        any,
        { value: "true", label: text.records.isYes(label) },
        { value: "false", label: text.records.isNo(label) },
      ],
    };
  if (isDays(field)) return { kind: "days", name, label };
  return { kind: "text", name, label };
}

function useColumnsOf(entry: RegisterEntry, fields: readonly Field[], own: boolean): Column<RecordRow>[] {
  const text = useText();
  const { language } = useLanguage();
  return useMemo(() => {
    const words = text.records;
    const sortable = new Set(entry.filters);
    const found: Column<RecordRow>[] = [];
    for (const name of entry.columns) {
      const field = fields.find((one) => one.name === name);
      if (!field) continue;
      const figure = field.kind === "number" || field.kind === "whole";
      const title = labelOf(field, language);
      const always = name === entry.title_field || found.length === 0;
      found.push({
        key: name,
        title: figure && field.unit ? `${title}（${field.unit}）` : title,
        width: always ? "minmax(9rem, 1.6fr)" : figure ? "minmax(6rem, .8fr)" : "minmax(7rem, 1.2fr)",
        end: figure,
        always,
        sort: sortable.has(name) && field.kind !== "choices" ? `values.${name}` : undefined,
        cell: (row) => {
          const words = valueWords(field, row.values[name], text, language, false);
          if (name === entry.title_field)
            return <strong>{words || row.title || text.records.untitled}</strong>;
          return words ? <span className="cell-words">{words}</span> : <span className="faint">–</span>;
        },
      });
    }
    if (!own)
      found.splice(1, 0, {
        key: "owner",
        title: entry.owner === "agency" ? words.ofAgency : words.owner,
        width: "minmax(9rem, 1.4fr)",
        cell: (row) => row.owner_name,
      });
    found.push(
      {
        key: "state",
        title: words.state,
        width: "6.5rem",
        sort: "state",
        cell: (row) => <StateSign state={row.state} />,
      },
      {
        key: "changed_at",
        title: words.changed,
        width: "7rem",
        sort: "changed_at",
        cell: (row) => <Age at={row.changed_at} />,
      },
    );
    return found;
  }, [entry, fields, own, text, language]);
}

function RowCard({ row, fields, own }: { row: RecordRow; fields: readonly Field[]; own: boolean }) {
  const text = useText();
  const { language } = useLanguage();
  const more = fields
    .map((field) => [field, valueWords(field, row.values[field.name], text, language)] as const)
    .filter(([, words]) => words && words !== row.title)
    .slice(0, 4);
  return (
    <>
      <span className="row-card-top">
        <strong className="row-card-title">{row.title || text.records.untitled}</strong>
        <StateSign state={row.state} />
        <Age at={row.changed_at} />
      </span>
      {!own && <span className="faint">{row.owner_name}</span>}
      <span className="row-card-line">
        {more.map(([field, words]) => (
          <span key={field.name}>
            <span className="faint">{labelOf(field, language)}</span> {words}
          </span>
        ))}
      </span>
    </>
  );
}

function Nothing({ entry }: { entry: RegisterEntry }) {
  const text = useText();
  const words = text.records;
  return (
    <div className="state-box state-calm">
      <p className="state-title">{words.emptyAll}</p>
      {entry.may_write && (
        <p className="state-more">
          <Link to={`/registers/${entry.name}/new`}>{words.addFirst}</Link>
          {words.or}
          <Link to={`/registers/${entry.name}/import`}>{words.importFirst}</Link>
        </p>
      )}
    </div>
  );
}
