// What areas must have of emergency resources, what their registers hold, and where it is too little.

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Space } from "antd";
import { useState } from "react";
import { viewChoices } from "../api/choices.ts";
import { send } from "../api/client.ts";
import { type Countable, type MinimumRow, resourceAreas, resourceKinds } from "../api/connection.ts";
import { listOf } from "../api/list.ts";
import { useMay } from "../identity/me.tsx";
import { useLanguage, useText } from "../locales/index.tsx";
import { ConfirmReason } from "../parts/ConfirmReason.tsx";
import { EditDrawer, type EditField, type Values } from "../parts/EditDrawer.tsx";
import { measured } from "../parts/figures.ts";
import { Link } from "../parts/Link.tsx";
import { ListPage } from "../parts/ListPage.tsx";
import { Card } from "../parts/Page.tsx";
import { When } from "../parts/When.tsx";

const query = listOf<MinimumRow>("resource-minimums");
type Editing = MinimumRow | "new" | null;

export function Shortages() {
  const words = useText().shortages;
  const client = useQueryClient();
  const may = useMay("resources");
  const kinds = useQuery(resourceKinds).data ?? [];
  const [editing, setEditing] = useState<Editing>(null);
  const [going, setGoing] = useState<MinimumRow | null>(null);
  const changed = () => client.invalidateQueries({ queryKey: ["resource-minimums"] });
  return (
    <>
      <ListPage<MinimumRow>
        name="resource-minimums"
        title={words.title}
        note={words.note}
        query={query}
        actions={
          may && (
            <Button type="primary" onClick={() => setEditing("new")}>
              {words.add}
            </Button>
          )
        }
        fields={[
          {
            kind: "choice",
            name: "short",
            label: words.show,
            options: Object.entries(words.shows).map(([value, label]) => ({ value, label })),
          },
          { kind: "text", name: "q", label: words.search },
          {
            kind: "chip",
            name: "region",
            words: (value, rows) => rows.find((row) => row.region === value)?.region_name ?? value,
          },
        ]}
        after={<Areas />}
        rows={{
          rowKey: (row) => row.id,
          name: (row) => `${row.region_name} ${row.name}`,
          rowClass: (row) => (row.short_since ? "resource-short" : ""),
          columns: [
            {
              key: "name",
              title: words.name,
              width: "minmax(11rem, 1.6fr)",
              always: true,
              cell: (row) => (
                <span className="two-lines">
                  <strong>{row.name}</strong>
                  <span className="faint">{row.region_name}</span>
                </span>
              ),
            },
            {
              key: "source",
              title: words.source,
              width: "minmax(11rem, 1.6fr)",
              cell: (row) => <Source row={row} kinds={kinds} />,
            },
            {
              key: "counted",
              title: words.counted,
              width: "7rem",
              end: true,
              cell: (row) => (row.counted === null ? "–" : `${measured(row.counted)} ${row.unit}`),
            },
            {
              key: "minimum",
              title: words.minimum,
              width: "7rem",
              end: true,
              cell: (row) => `${measured(row.minimum)} ${row.unit}`,
            },
            {
              key: "state",
              title: words.state,
              width: "minmax(9rem, 1fr)",
              always: true,
              cell: (row) => <State row={row} />,
            },
            {
              key: "acts",
              title: "",
              width: "minmax(8rem, auto)",
              always: true,
              cell: (row) =>
                row.may_edit ? (
                  <Space wrap size={4}>
                    <Button size="small" onClick={() => setEditing(row)}>
                      {words.edit}
                    </Button>
                    <Button size="small" onClick={() => setGoing(row)}>
                      {words.remove}
                    </Button>
                  </Space>
                ) : null,
            },
          ],
        }}
        empty={words.emptyFiltered}
        emptyAll={words.empty}
      />
      <Form editing={editing} kinds={kinds} close={() => setEditing(null)} saved={changed} />
      <ConfirmReason
        title={words.removeTitle(going?.name ?? "")}
        what={words.removeWhat}
        open={going !== null}
        close={() => setGoing(null)}
        reason={false}
        submit={words.remove}
        run={() => send("DELETE", `/api/v1/resource-minimums/${going?.id}`, { etag: going?.etag ?? null })}
        done={changed}
      />
    </>
  );
}

function State({ row }: { row: MinimumRow }) {
  const words = useText().shortages;
  if (row.counted === null) return <span className="faint">{words.notCounted}</span>;
  if (!row.short_since) return <span>✓ {words.enough}</span>;
  return (
    <span className="two-lines">
      <span>
        <strong>▼ {words.short}</strong>{" "}
        {row.warning_id && (
          <Link className="over" to={`/warnings/${row.warning_id}`}>
            {words.warning}
          </Link>
        )}
      </span>
      <When at={row.short_since} brief />
    </span>
  );
}

function Source({ row, kinds }: { row: MinimumRow; kinds: readonly Countable[] }) {
  const words = useText().shortages;
  const { language } = useLanguage();
  const titled = (one: { title: string; title_en: string }) => (language === "en" ? one.title_en : one.title);
  const kind = kinds.find((one) => one.register === row.register);
  const choice = kind?.fields
    .find((one) => one.name === row.field)
    ?.choices.find((one) => one.code === row.choice);
  const measure = kind?.measures.find((one) => one.name === row.measure);
  return (
    <span className="two-lines">
      <Link className="over" to={`/registers/${row.register}`}>
        {kind ? titled(kind) : row.register_title}
      </Link>
      <span className="faint">
        {[choice && titled(choice), row.words, measure ? words.sum(titled(measure)) : words.records]
          .filter(Boolean)
          .join(" · ")}
      </span>
    </span>
  );
}

function Areas() {
  const words = useText().shortages;
  const areas = useQuery(resourceAreas).data ?? [];
  if (areas.length === 0) return null;
  return (
    <Card title={words.areas}>
      <ul className="area-list">
        {areas.map((area) => (
          <li key={area.region}>
            <Link to={`/shortages?region=${area.region}`}>{area.region_name}</Link>
            <span className={area.short ? "" : "faint"}>
              {area.short ? "▼" : "✓"} {words.areaWords(area.short, area.minimums)}
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}

const text = (value: unknown) => (typeof value === "string" ? value : "");

function Form({
  editing,
  kinds,
  close,
  saved,
}: {
  editing: Editing;
  kinds: readonly Countable[];
  close: () => void;
  saved: () => void;
}) {
  const words = useText().shortages;
  const { language } = useLanguage();
  const titled = (one: { title: string; title_en: string }) => (language === "en" ? one.title_en : one.title);
  const areas = useQuery(viewChoices).data?.areas ?? [];
  const row = editing === "new" || editing === null ? null : editing;
  // What a register may be narrowed by and summed over depends on it: one field for each, shown while it is chosen.
  const own = (kind: Countable): EditField[] => {
    const chosen = (values: Values) => values.register === kind.register;
    return [
      ...(kind.fields.length
        ? [
            {
              name: `narrow.${kind.register}`,
              label: words.field,
              kind: "select" as const,
              when: chosen,
              options: [
                { value: "", label: words.none },
                ...kind.fields.flatMap((field) =>
                  field.choices.map((choice) => ({
                    value: `${field.name}/${choice.code}`,
                    label: `${titled(field)}：${titled(choice)}`,
                  })),
                ),
              ],
            },
          ]
        : []),
      ...(kind.measures.length
        ? [
            {
              name: `measure.${kind.register}`,
              label: words.measure,
              kind: "select" as const,
              when: chosen,
              options: [
                { value: "", label: words.records },
                ...kind.measures.map((one) => ({ value: one.name, label: words.sum(titled(one)) })),
              ],
            },
          ]
        : []),
    ];
  };
  return (
    <EditDrawer
      name={`resource-minimum.${row?.id ?? "new"}`}
      title={row ? words.edit : words.add}
      open={editing !== null}
      close={close}
      etag={row?.etag ?? null}
      initial={
        row
          ? {
              ...row,
              [`narrow.${row.register}`]: row.field ? `${row.field}/${row.choice}` : "",
              [`measure.${row.register}`]: row.measure,
            }
          : {}
      }
      fields={[
        { name: "name", label: words.name, max: 60, required: true },
        {
          name: "region",
          label: words.region,
          kind: "select",
          required: true,
          options: areas.map((area) => ({ value: area.code, label: area.name })),
        },
        {
          name: "register",
          label: words.register,
          kind: "select",
          required: true,
          options: kinds.map((kind) => ({ value: kind.register, label: titled(kind) })),
        },
        ...kinds.flatMap(own),
        { name: "words", label: words.words, max: 60, help: words.wordsHelp },
        { name: "minimum", label: words.minimum, kind: "number", required: true },
        { name: "unit", label: words.unit, max: 10, required: true },
        { name: "source", label: words.basis, max: 200, help: words.basisHelp },
      ]}
      save={(values, etag) => {
        const [field = "", choice = ""] = text(values[`narrow.${text(values.register)}`]).split("/");
        const body = {
          name: text(values.name),
          region: text(values.region),
          register: text(values.register),
          field,
          choice,
          words: text(values.words),
          measure: text(values[`measure.${text(values.register)}`]),
          minimum: values.minimum,
          unit: text(values.unit),
          source: text(values.source),
        };
        return row
          ? send("PUT", `/api/v1/resource-minimums/${row.id}`, { body, etag })
          : send("POST", "/api/v1/resource-minimums", { body });
      }}
      saved={saved}
    />
  );
}
