// How documents are numbered: a pattern a kind of document, with the number that would come next.

import { useMutation } from "@tanstack/react-query";
import { App, Button, Form } from "antd";
import { send } from "../api/client.ts";
import type { NumberFormat } from "../api/organisation.ts";
import { useText } from "../locales/index.tsx";
import { problemWords } from "../parts/States.tsx";
import { useAgencyOptions } from "./choices.ts";
import { useOwnerFilters } from "./filters.ts";
import { Register } from "./Register.tsx";

export function Numbers() {
  const text = useText().organisation;
  const words = text.numbers;
  const agencies = useAgencyOptions();
  const filters = useOwnerFilters(words.search);
  return (
    <Register<NumberFormat>
      path="number-formats"
      title={words.title}
      one={words.one}
      empty={words.empty}
      nameOf={(row) => row.name}
      filters={filters}
      columns={[
        {
          key: "name",
          title: words.name,
          width: "minmax(10rem, 1.4fr)",
          always: true,
          cell: (row) => (
            <span className="two-lines">
              <strong>{row.name}</strong>
              <span className="faint">{row.kind}</span>
            </span>
          ),
        },
        { key: "agency", title: text.agency, width: "minmax(10rem, 1.2fr)", cell: (row) => row.agency_name },
        { key: "pattern", title: words.pattern, width: "minmax(12rem, 1.8fr)", cell: (row) => row.pattern },
        { key: "example", title: words.example, width: "minmax(11rem, 1.5fr)", cell: (row) => row.example },
        {
          key: "resets",
          title: words.resets,
          width: "minmax(7rem, 1fr)",
          cell: (row) => words.resetWays[row.resets],
        },
        { key: "given", title: words.given, width: "5rem", end: true, cell: (row) => row.given },
      ]}
      details={(row) => [
        [words.kind, row.kind],
        [text.agency, row.agency_name],
        [words.pattern, row.pattern],
        [words.length, row.serial_length],
        [words.resets, words.resetWays[row.resets]],
        [words.forBelow, row.for_below ? "✓" : ""],
        [words.example, row.example],
        [words.given, row.given],
      ]}
      fields={(row) => [
        ...(row
          ? []
          : [
              {
                name: "agency_id",
                label: text.agency,
                kind: "select" as const,
                options: agencies,
                help: text.ownOffice,
              },
            ]),
        { name: "name", label: words.name, required: true, max: 100 },
        { name: "kind", label: words.kind, required: true, max: 32, help: words.kindHelp },
        { name: "pattern", label: words.pattern, required: true, max: 100, help: words.patternHelp },
        { name: "serial_length", label: words.length, kind: "number", required: true, least: 1, most: 9 },
        {
          name: "resets",
          label: words.resets,
          kind: "select",
          required: true,
          options: Object.entries(words.resetWays).map(([value, label]) => ({ value, label })),
        },
        { name: "for_below", label: words.forBelow, kind: "check" },
        {
          name: "preview",
          label: words.previewTitle,
          kind: "own",
          input: <Preview agency={row?.agency_id} />,
        },
      ]}
      blank={{
        agency_id: null,
        name: "",
        kind: "",
        pattern: "",
        serial_length: 4,
        resets: "yearly",
        for_below: false,
      }}
      values={(row) => ({ ...row })}
    />
  );
}

function Preview({ agency }: { agency?: number }) {
  const text = useText();
  const words = text.organisation.numbers;
  const form = Form.useFormInstance();
  const { message } = App.useApp();
  const ask = useMutation({
    mutationFn: async () => {
      const { preview: _, ...typed } = form.getFieldsValue();
      const asked = { agency_id: agency, ...typed };
      return (await send<{ numbers: string[] }>("POST", "/api/v1/number-formats/preview", { body: asked }))
        .data;
    },
    onError: (error) => message.error(problemWords(error, text), 8),
  });
  return (
    <>
      <Button size="small" loading={ask.isPending} onClick={() => ask.mutate()}>
        {words.preview}
      </Button>{" "}
      {ask.data?.numbers.join("　")}
    </>
  );
}
