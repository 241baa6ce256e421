// A model in work: weights are typed in place, curves and limits in a drawer; tried on today, then put in force.

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button, InputNumber } from "antd";
import { useState } from "react";
import { useNavigate, useParams } from "react-router";
import type { Answer } from "../api/client.ts";
import {
  changeRiskDraft,
  enactRiskDraft,
  type RiskDefinition,
  type RiskDraft,
  type RiskTerm,
  removeRiskDraft,
  riskDraft,
  tagOf,
} from "../api/risk.ts";
import { useText } from "../locales/index.tsx";
import { ConfirmReason } from "../parts/ConfirmReason.tsx";
import { EditDrawer, type EditField, type Values } from "../parts/EditDrawer.tsx";
import { Link } from "../parts/Link.tsx";
import { Card, PageHead } from "../parts/Page.tsx";
import { Failed, Loading, problemWords } from "../parts/States.tsx";
import "../styles/risk.css";
import { Limits, percent, Terms, useInputName, useInputs } from "./Definition.tsx";
import { DraftPreview } from "./DraftPreview.tsx";

const NEW: Omit<RiskTerm, "input"> = {
  weight: 1,
  curve: "linear",
  points: [
    [0, 0],
    [1, 1],
  ],
  missing: { rule: "assume", share: 0.5 },
};

// As many floors as the drawer offers; further ones of a model stay as they are.
const FLOORS = [0, 1, 2] as const;

export function DraftPage() {
  const text = useText();
  const words = text.risk.models;
  const id = Number(useParams().id);
  const found = useQuery(riskDraft(id));
  if (found.isPending) return <Loading rows={8} />;
  if (found.isError && !found.data)
    return <Failed error={found.error} retry={() => found.refetch()} missing={words.draft.missing} />;
  return <Told draft={found.data} reload={() => found.refetch()} />;
}

function Told({ draft, reload }: { draft: RiskDraft; reload: () => Promise<unknown> }) {
  const text = useText();
  const words = text.risk.models;
  const client = useQueryClient();
  const navigate = useNavigate();
  const { message } = App.useApp();
  const [open, setOpen] = useState<"head" | "limits" | "enact" | "remove" | null>(null);
  const kept = (answer: Answer<RiskDraft>) => {
    client.setQueryData(riskDraft(draft.id).queryKey, answer.data);
    client.invalidateQueries({ queryKey: ["risk-drafts"], exact: true });
  };
  const put = (changes: Partial<RiskDraft>) => {
    const { name, source, definition } = { ...draft, ...changes };
    return changeRiskDraft(draft, { name, source, definition });
  };
  const gone = () => {
    client.removeQueries({ queryKey: riskDraft(draft.id).queryKey });
    client.invalidateQueries({ queryKey: ["risk-drafts"], exact: true });
    client.invalidateQueries({ queryKey: ["risk-models"] });
    client.invalidateQueries({ queryKey: ["risk"] });
    navigate("/risk/models");
  };
  return (
    <div className="page">
      <PageHead
        title={draft.name}
        note={
          <>
            <Link to="/risk/models">{words.draft.back}</Link> · {text.risk.scales[draft.scale]} ·{" "}
            {draft.region_name || draft.region} · {draft.source}
          </>
        }
        actions={
          <>
            <Button onClick={() => setOpen("remove")}>{words.draft.remove}</Button>
            <Button onClick={() => setOpen("head")}>{words.draft.head}</Button>
            <Button type="primary" onClick={() => setOpen("enact")}>
              {words.draft.enact}
            </Button>
          </>
        }
      />
      <DraftPreview draft={draft} />
      {/* What was typed begins anew with each version that is kept. */}
      <Weights key={draft.version} draft={draft} put={put} kept={kept} reload={reload} />
      <Limits
        scale={draft.scale}
        definition={draft.definition}
        extra={<Button onClick={() => setOpen("limits")}>{words.draft.limits}</Button>}
      />
      <LimitsDrawer
        draft={draft}
        open={open === "limits"}
        close={() => setOpen(null)}
        put={put}
        kept={kept}
        reload={reload}
      />
      <EditDrawer<RiskDraft>
        name={`risk-draft.${draft.id}.head`}
        title={words.draft.head}
        open={open === "head"}
        close={() => setOpen(null)}
        initial={{ name: draft.name, source: draft.source }}
        etag={tagOf(draft)}
        fields={[
          { name: "name", label: words.name, required: true, max: 100 },
          { name: "source", label: text.risk.source, required: true, max: 100, help: words.sourceHelp },
        ]}
        save={(values) => put(values)}
        saved={kept}
        reload={reload}
      />
      <EditDrawer
        name={`risk-draft.${draft.id}.enact`}
        title={words.draft.enactTitle(draft.name)}
        note={words.draft.enactNote}
        open={open === "enact"}
        close={() => setOpen(null)}
        submit={words.draft.enact}
        fields={[
          { name: "first_day", label: words.draft.firstDay, kind: "date", help: words.draft.firstHelp },
        ]}
        save={(values) => enactRiskDraft(draft, { first_day: values.first_day || null })}
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
        run={() => removeRiskDraft(draft)}
        done={() => {
          message.success(words.draft.removed, 3);
          gone();
        }}
        submit={words.draft.remove}
      />
    </div>
  );
}

interface PartProps {
  draft: RiskDraft;
  put: (changes: Partial<RiskDraft>) => Promise<Answer<RiskDraft>>;
  kept: (answer: Answer<RiskDraft>) => void;
  reload: () => Promise<unknown>;
}

/** The weights side by side, since they have to sum up; nothing is sent before they do. */
function Weights({ draft, put, kept, reload }: PartProps) {
  const text = useText();
  const words = text.risk.models;
  const { message } = App.useApp();
  const [terms, setTerms] = useState<RiskTerm[]>(draft.definition.terms);
  const [at, setAt] = useState<number | null>(null);
  const known = useInputs(draft.scale);
  const name = useInputName(draft.scale);
  const sum = Math.round(terms.reduce((all, term) => all + term.weight, 0) * 100) / 100;
  const changed = JSON.stringify(terms) !== JSON.stringify(draft.definition.terms);
  const free = [...known.keys()].filter((key) => !terms.some((term) => term.input === key));
  const save = useMutation({
    mutationFn: () => put({ definition: { ...draft.definition, terms } }),
    onSuccess: kept,
    onError: (error) => message.error(problemWords(error, text), 8),
  });
  const set = (index: number, changes: Partial<RiskTerm>) =>
    setTerms(terms.map((term, each) => (each === index ? { ...term, ...changes } : term)));
  return (
    <Card
      title={words.terms}
      className="card-flush"
      extra={
        <>
          <span aria-live="polite" className={sum === 100 ? "faint" : "note"}>
            {sum === 100 ? words.termCount(terms.length) : words.draft.weightSum(sum)}
          </span>
          {changed && <Button onClick={() => setTerms(draft.definition.terms)}>{words.draft.undo}</Button>}
          {changed && (
            <Button
              type="primary"
              disabled={sum !== 100}
              loading={save.isPending}
              onClick={() => save.mutate()}
            >
              {words.draft.saveWeights}
            </Button>
          )}
        </>
      }
    >
      <Terms
        scale={draft.scale}
        terms={terms}
        weight={(term, index) => (
          <InputNumber
            aria-label={`${name(term.input)} ${text.risk.weight}`}
            min={0.5}
            max={100}
            step={1}
            value={term.weight}
            onChange={(value) => set(index, { weight: value ?? 0.5 })}
          />
        )}
        acts={(term, index) => (
          <>
            <Button size="small" onClick={() => setAt(index)}>
              {words.draft.change}
            </Button>{" "}
            {terms.length > 1 && (
              <Button
                size="small"
                onClick={() => setTerms(terms.filter((each) => each.input !== term.input))}
              >
                {words.draft.take}
              </Button>
            )}
          </>
        )}
      />
      {free.length > 0 && (
        <p className="quiet-line">
          {words.draft.add}：
          {free.map((key) => (
            <Button key={key} size="small" onClick={() => setTerms([...terms, { ...NEW, input: key }])}>
              {name(key)}
            </Button>
          ))}
        </p>
      )}
      <CurveDrawer
        draft={draft}
        term={at === null ? undefined : terms[at]}
        close={() => setAt(null)}
        keep={(term) => at !== null && set(at, term)}
        reload={reload}
      />
    </Card>
  );
}

interface CurveProps {
  draft: RiskDraft;
  term: RiskTerm | undefined;
  close: () => void;
  keep: (term: Partial<RiskTerm>) => void;
  reload: () => Promise<unknown>;
}

/** "0 0\n3 50" as points; a line that is no pair counts as nothing, and the centre says what is missing. */
function pointsOf(typed: string): [number, number][] {
  return typed
    .split("\n")
    .map((line) =>
      line
        .trim()
        .split(/[\s,，]+/)
        .map(Number),
    )
    .filter((pair) => pair.length === 2 && pair.every(Number.isFinite))
    .map(([at = 0, share = 0]) => [at, Math.min(1, Math.max(0, share / 100))]);
}

/** Changes a term on this page; it is sent together with the weights. */
function CurveDrawer({ draft, term, close, keep, reload }: CurveProps) {
  const text = useText();
  const words = text.risk.models;
  const name = useInputName(draft.scale);
  return (
    <EditDrawer<RiskDraft>
      name={`risk-draft.${draft.id}.${draft.version}.curve.${term?.input ?? "none"}`}
      title={term ? name(term.input) : ""}
      open={term !== undefined}
      close={close}
      reload={reload}
      initial={
        term && {
          curve: term.curve,
          points: term.points.map(([at, share]) => `${at} ${percent(share)}`).join("\n"),
          rule: term.missing.rule,
          share: percent(term.missing.share),
        }
      }
      fields={[
        {
          name: "curve",
          label: words.curve,
          kind: "select",
          required: true,
          options: Object.entries(words.curves).map(([value, label]) => ({ value, label })),
        },
        {
          name: "points",
          label: words.draft.points,
          kind: "long",
          required: true,
          help: words.draft.pointsHelp,
        },
        {
          name: "rule",
          label: words.missing,
          kind: "select",
          required: true,
          options: Object.entries(words.missingRules).map(([value, label]) => ({ value, label })),
        },
        {
          name: "share",
          label: words.draft.share,
          kind: "number",
          least: 0,
          most: 100,
          unit: "%",
          when: (values) => values.rule === "assume",
        },
      ]}
      save={async (values) => {
        keep({
          curve: values.curve as RiskTerm["curve"],
          points: pointsOf(String(values.points ?? "")),
          missing: {
            rule: values.rule as "assume" | "spread",
            share: values.rule === "assume" ? Number(values.share ?? 0) / 100 : 0,
          },
        });
        return { data: draft, etag: tagOf(draft) };
      }}
      saved={() => undefined}
    />
  );
}

interface LimitsProps extends PartProps {
  open: boolean;
  close: () => void;
}

function LimitsDrawer({ draft, open, close, put, kept, reload }: LimitsProps) {
  const text = useText();
  const words = text.risk.models;
  const { definition } = draft;
  const name = useInputName(draft.scale);
  const known = useInputs(draft.scale);
  const above = definition.alerts.find((one) => one.kind === "above");
  const rise = definition.alerts.find((one) => one.kind === "rise");
  const levels = (["red", "orange", "yellow", "blue"] as const).map((value) => ({
    value,
    label: text.levelWarning[value],
  }));
  const floorFields: EditField[] = FLOORS.flatMap((index) => [
    {
      name: `floor${index}`,
      label: words.draft.floor(index + 1),
      kind: "select" as const,
      options: [...known.keys()].map((key) => ({ value: key, label: name(key) })),
    },
    {
      name: `least${index}`,
      label: words.draft.floorLeast,
      kind: "number" as const,
      when: (values) => !!values[`floor${index}`],
    },
    {
      name: `score${index}`,
      label: words.draft.floorScore,
      kind: "number" as const,
      least: 0,
      most: 100,
      when: (values) => !!values[`floor${index}`],
    },
  ]);
  const floorsOf = (values: Values): RiskDefinition["floors"] => [
    ...FLOORS.filter((index) => values[`floor${index}`]).map((index) => {
      const input = String(values[`floor${index}`]);
      const least = Number(values[`least${index}`] ?? 1);
      const score = Number(values[`score${index}`] ?? 50);
      const as = definition.floors.find((one) => one.input === input && one.least === least);
      return { input, least, score, words: as?.words ?? words.draft.floorWords(name(input), least) };
    }),
    ...definition.floors.slice(FLOORS.length),
  ];
  const band = (level: "red" | "orange" | "yellow") => ({
    name: level,
    label: `${text.level[level]} ≥`,
    kind: "number" as const,
    least: 1,
    most: 100,
    required: true,
  });
  return (
    <EditDrawer<RiskDraft>
      name={`risk-draft.${draft.id}.limits`}
      title={words.draft.limits}
      open={open}
      close={close}
      etag={tagOf(draft)}
      initial={{
        ...definition.bands,
        margin: definition.margin,
        ...Object.fromEntries(
          definition.floors.flatMap((floor, index) => [
            [`floor${index}`, floor.input],
            [`least${index}`, floor.least],
            [`score${index}`, floor.score],
          ]),
        ),
        above: above?.points,
        above_level: above?.level ?? "orange",
        rise: rise?.points,
        rise_days: rise?.days ?? 7,
        rise_level: rise?.level ?? "yellow",
      }}
      fields={[
        band("red"),
        band("orange"),
        band("yellow"),
        ...floorFields,
        {
          name: "above",
          label: words.alertAbove(NaN).replace("NaN", "…"),
          kind: "number",
          least: 1,
          most: 100,
        },
        { name: "above_level", label: words.alerts, kind: "select", options: levels, when: (v) => !!v.above },
        {
          name: "rise",
          label: words.alertRise(NaN, NaN).replaceAll("NaN", "…"),
          kind: "number",
          least: 1,
          most: 100,
        },
        {
          name: "rise_days",
          label: text.risk.units.day ?? "",
          kind: "number",
          least: 1,
          most: 366,
          when: (v) => !!v.rise,
        },
        { name: "rise_level", label: words.alerts, kind: "select", options: levels, when: (v) => !!v.rise },
        {
          name: "margin",
          label: words.alertNote(NaN).replace("NaN", "…"),
          kind: "number",
          least: 0,
          most: 50,
        },
      ]}
      save={(values) => {
        const number = (name: string) => Number(values[name] ?? 0);
        const alerts = [
          ...(number("above") > 0
            ? [{ kind: "above", points: number("above"), level: values.above_level, days: 0 }]
            : []),
          ...(number("rise") > 0
            ? [
                {
                  kind: "rise",
                  points: number("rise"),
                  level: values.rise_level,
                  days: number("rise_days") || 7,
                },
              ]
            : []),
        ] as RiskDefinition["alerts"];
        const bands = { red: number("red"), orange: number("orange"), yellow: number("yellow") };
        return put({
          definition: { ...definition, bands, floors: floorsOf(values), alerts, margin: number("margin") },
        });
      }}
      saved={kept}
      reload={reload}
    />
  );
}
