// A level table in work: its rules, what it would have changed, and the day from which it counts.

import { EditOutlined, PlusOutlined } from "@ant-design/icons";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button } from "antd";
import { useState } from "react";
import { useNavigate, useParams } from "react-router";
import type { Answer } from "../api/client.ts";
import {
  changeDraft,
  enactDraft,
  type LevelDraft,
  levelDraft,
  levelWords,
  type RuleRow,
  removeDraft,
  tagOf,
} from "../api/levels.ts";
import { useText } from "../locales/index.tsx";
import { ConfirmReason } from "../parts/ConfirmReason.tsx";
import { EditDrawer, type EditField } from "../parts/EditDrawer.tsx";
import { Link } from "../parts/Link.tsx";
import { Card, PageHead } from "../parts/Page.tsx";
import { Failed, Loading } from "../parts/States.tsx";
import { LevelPreviewCard } from "./LevelPreview.tsx";
import { kindWords, LevelRows, limitWords } from "./LevelRows.tsx";

const BLANK: RuleRow = {
  kind: "alarm",
  level: "yellow",
  reason: "",
  side: "",
  limit_name: "",
  quantity: "",
  hazard_class: null,
  held_s: 0,
  raises: 0,
  within_h: 0,
};

export function LevelDraftPage() {
  const text = useText();
  const words = text.levels;
  const id = Number(useParams().id);
  const draft = useQuery(levelDraft(id));
  const client = useQueryClient();
  const navigate = useNavigate();
  const { message } = App.useApp();
  const [row, setRow] = useState<number | "new" | null>(null);
  const [open, setOpen] = useState<"head" | "enact" | "remove" | null>(null);
  if (draft.isPending) return <Loading rows={8} />;
  if (draft.isError)
    return <Failed error={draft.error} retry={() => draft.refetch()} missing={words.draft.missing} />;
  const told = draft.data;
  const kept = (answer: Answer<LevelDraft>) => {
    client.setQueryData(levelDraft(id).queryKey, answer.data);
    client.invalidateQueries({ queryKey: ["level-drafts"], exact: true });
  };
  const put = (changes: Partial<LevelDraft>) => {
    const { name, source, rows } = { ...told, ...changes };
    return changeDraft(told, { name, source, rows });
  };
  const gone = () => {
    client.removeQueries({ queryKey: levelDraft(id).queryKey });
    client.invalidateQueries({ queryKey: ["level-drafts"], exact: true });
    client.invalidateQueries({ queryKey: ["level-tables"] });
    navigate("/levels");
  };
  const reload = () => draft.refetch();
  return (
    <div className="page">
      <PageHead
        title={told.name}
        note={
          <>
            <Link to="/levels">{words.draft.back}</Link> · {told.region_name || told.region} · {told.source}
          </>
        }
        actions={
          <>
            <Button onClick={() => setOpen("remove")}>{words.draft.remove}</Button>
            <Button icon={<EditOutlined />} onClick={() => setOpen("head")}>
              {words.draft.head}
            </Button>
            <Button type="primary" onClick={() => setOpen("enact")}>
              {words.draft.enact}
            </Button>
          </>
        }
      />
      <LevelPreviewCard draft={told} />
      <Card
        className="card-flush"
        title={`${words.row.title}（${told.rows.length}）`}
        extra={
          <Button icon={<PlusOutlined />} onClick={() => setRow("new")}>
            {words.row.add}
          </Button>
        }
      >
        <LevelRows rows={told.rows} open={(each) => setRow(each.index)} />
      </Card>
      <RuleDrawer
        draft={told}
        at={row}
        close={() => setRow(null)}
        put={(rows) => put({ rows })}
        kept={kept}
        reload={reload}
      />
      <EditDrawer<LevelDraft>
        name={`level-draft.${id}.head`}
        title={words.draft.head}
        open={open === "head"}
        close={() => setOpen(null)}
        initial={{ name: told.name, source: told.source }}
        etag={tagOf(told)}
        fields={[
          { name: "name", label: words.name, required: true, max: 100 },
          { name: "source", label: words.source, required: true, max: 100, help: words.sourceHelp },
        ]}
        save={(values) => put(values)}
        saved={kept}
        reload={reload}
      />
      <EditDrawer
        name={`level-draft.${id}.enact`}
        title={words.draft.enactTitle(told.name)}
        note={words.draft.enactNote}
        open={open === "enact"}
        close={() => setOpen(null)}
        submit={words.draft.enact}
        fields={[
          { name: "first_day", label: words.draft.firstDay, kind: "date", help: words.draft.firstHelp },
          { name: "last_day", label: words.draft.lastDay, kind: "date", help: words.draft.lastHelp },
        ]}
        save={(values) =>
          enactDraft(told, { first_day: values.first_day || null, last_day: values.last_day || null })
        }
        saved={(answer) => {
          message.success(answer.data.state === "planned" ? words.draft.planned : words.draft.enacted, 5);
          gone();
        }}
        reload={reload}
      />
      <ConfirmReason
        title={words.draft.remove}
        what={words.draft.removeWhat}
        open={open === "remove"}
        close={() => setOpen(null)}
        reason={false}
        run={() => removeDraft(told)}
        done={() => {
          message.success(words.draft.removed, 3);
          gone();
        }}
        submit={words.draft.remove}
      />
    </div>
  );
}

interface RuleProps {
  draft: LevelDraft;
  at: number | "new" | null;
  close: () => void;
  put: (rows: RuleRow[]) => Promise<Answer<LevelDraft>>;
  kept: (answer: Answer<LevelDraft>) => void;
  reload: () => Promise<unknown>;
}

function RuleDrawer({ draft, at, close, put, kept, reload }: RuleProps) {
  const text = useText();
  const words = text.levels.row;
  const known = useQuery(levelWords).data;
  const rule = typeof at === "number" ? draft.rows[at] : undefined;
  const option = (value: string, label: string) => ({ value, label });
  const fields: EditField[] = [
    {
      name: "kind",
      label: words.kind,
      kind: "select",
      required: true,
      options: (known?.kinds ?? [rule?.kind ?? BLANK.kind]).map((kind) =>
        option(kind, kindWords(kind, text)),
      ),
    },
    {
      name: "limit_name",
      label: words.limit,
      kind: "select",
      help: words.anyHelp,
      options: [...new Set([...(known?.limits ?? []), "day", "update", rule?.limit_name ?? ""])]
        .filter(Boolean)
        .map((name) => option(name, limitWords(name, text))),
    },
    {
      name: "side",
      label: words.side,
      kind: "select",
      options: Object.entries(text.levels.sides).map(([side, label]) => option(side, label)),
    },
    {
      name: "quantity",
      label: words.quantity,
      kind: "select",
      options: [...new Set([...(known?.quantities ?? []), rule?.quantity ?? ""])]
        .filter(Boolean)
        .map((name) => option(name, name)),
    },
    {
      name: "hazard_class",
      label: words.hazard,
      kind: "select",
      options: [1, 2, 3, 4].map((value) => ({ value, label: text.hazardClass(value) })),
    },
    {
      name: "level",
      label: words.level,
      kind: "select",
      required: true,
      options: (["red", "orange", "yellow", "blue"] as const).map((level) =>
        option(level, text.level[level]),
      ),
    },
    {
      name: "held_min",
      label: words.held,
      kind: "number",
      least: 0,
      most: 43_200,
      unit: words.minutes,
      help: words.heldHelp,
    },
    { name: "raises", label: words.raises, kind: "number", least: 0, most: 1000, help: words.raisesHelp },
    { name: "within_h", label: words.within, kind: "number", least: 0, most: 720, unit: words.hours },
    { name: "reason", label: words.reason, required: true, max: 200, help: words.reasonHelp },
  ];
  const { held_s, ...matchers } = rule ?? BLANK;
  const initial = Object.fromEntries(
    Object.entries({ ...matchers, held_min: held_s / 60 }).map(([name, value]) => [
      name,
      value === "" || value === 0 ? undefined : value,
    ]),
  );
  const without = draft.rows.filter((_, index) => index !== at);
  return (
    <EditDrawer<LevelDraft>
      name={`level-draft.${draft.id}.row.${at ?? "none"}`}
      title={rule ? words.change : words.add}
      open={at !== null}
      close={close}
      fields={fields}
      initial={initial}
      etag={tagOf(draft)}
      note={
        rule &&
        without.length > 0 && (
          <Button
            size="small"
            onClick={async () => {
              kept(await put(without));
              close();
            }}
          >
            {words.remove}
          </Button>
        )
      }
      save={({ held_min, ...values }) => {
        const typed = Object.fromEntries(
          Object.entries({ ...BLANK, ...values }).map(([name, value]) => [
            name,
            value ?? BLANK[name as keyof RuleRow],
          ]),
        ) as unknown as RuleRow;
        const plain = { ...typed, held_s: Math.round(Number(held_min ?? 0) * 60) };
        return put(
          rule ? draft.rows.map((each, index) => (index === at ? plain : each)) : [...draft.rows, plain],
        );
      }}
      saved={kept}
      reload={reload}
    />
  );
}
