// What judges the values of points, by region and quantity, and what each finding costs; edited for one's own area.

import { PlusOutlined } from "@ant-design/icons";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { useState } from "react";
import { endPatrolRule, type PatrolRule, patrolRules, putPatrolRule } from "../api/patrol.ts";
import { useMay } from "../identity/me.tsx";
import { type Catalogue, useText } from "../locales/index.tsx";
import { ConfirmReason } from "../parts/ConfirmReason.tsx";
import { Details } from "../parts/Details.tsx";
import { EditDrawer, type EditField, type Values } from "../parts/EditDrawer.tsx";
import { Card, PageHead } from "../parts/Page.tsx";
import { Failed, Loading } from "../parts/States.tsx";
import { spanWords } from "../parts/time.ts";
import { RegionSelect } from "../regions/RegionSelect.tsx";
import "../styles/patrol.css";
import { percent, tabs } from "./tabs.ts";

export function PatrolRules() {
  const text = useText();
  const words = text.patrol;
  const may = useMay("thresholds");
  const client = useQueryClient();
  const asked = useQuery(patrolRules);
  const [edited, setEdited] = useState<PatrolRule | "new" | null>(null);
  const [ending, setEnding] = useState<PatrolRule | null>(null);
  const renew = () => client.invalidateQueries({ queryKey: ["patrol/rules"] });
  const rule = edited === "new" ? null : edited;
  return (
    <div className="page">
      <PageHead
        title={words.rules}
        tabs={tabs(text)}
        note={words.ruleNote}
        actions={
          may && (
            <Button type="primary" icon={<PlusOutlined />} onClick={() => setEdited("new")}>
              {words.add}
            </Button>
          )
        }
      />
      {asked.isPending ? (
        <Loading rows={8} />
      ) : asked.isError ? (
        <Failed error={asked.error} retry={() => asked.refetch()} />
      ) : (
        <>
          <div className="patrol-rules">
            {asked.data.items.map((each) => (
              <Card
                key={each.id}
                title={`${each.region_name || words.everywhere} · ${subject(each, text)}`}
                extra={
                  may && (
                    <>
                      {each.own && (
                        <Button size="small" onClick={() => setEnding(each)}>
                          {words.end}
                        </Button>
                      )}
                      <Button size="small" onClick={() => setEdited(each)}>
                        {each.own ? words.edit : words.editHere}
                      </Button>
                    </>
                  )
                }
              >
                <Details items={facts(each, text)} />
              </Card>
            ))}
          </div>
          <Card title={words.weights}>
            <Details
              items={asked.data.checks.map((check) => [
                words.checks[check.check] ?? check.check,
                [
                  words.weight(percent(check.weight)),
                  check.warn_s === null
                    ? words.warnNever
                    : words.warnAfter(spanWords(check.warn_s * 1000, text)),
                  check.source,
                ].join("；"),
              ])}
            />
          </Card>
          <Card title={words.gradesTitle}>
            <Details
              items={asked.data.grades.map((grade) => [
                words.figures[grade.figure] ?? grade.figure,
                `${words.figuresHelp[grade.figure]}；${words.gradeLine(percent(grade.good_from), percent(grade.fair_from))}；${grade.source}`,
              ])}
            />
          </Card>
        </>
      )}
      <EditDrawer<PatrolRule>
        name={`patrol-rule.${rule?.id ?? "new"}`}
        title={rule ? `${words.ruleTitle}：${subject(rule, text)}` : words.add}
        open={edited !== null}
        close={() => setEdited(null)}
        note={words.clearedMeans}
        fields={fields(text)}
        initial={rule ? values(rule) : BLANK}
        save={(typed) => putPatrolRule(body(typed))}
        saved={() => {
          setEdited(null);
          renew();
        }}
      />
      {ending && (
        <ConfirmReason
          title={words.endTitle}
          what={words.endWhat}
          open
          close={() => setEnding(null)}
          run={(reason) => endPatrolRule(ending.id, reason)}
          done={renew}
        />
      )}
    </div>
  );
}

function subject(rule: PatrolRule, text: Catalogue): string {
  const words = text.patrol;
  const unit = rule.unit === null ? "" : rule.unit === "" ? words.noUnit : words.unitOf(rule.unit);
  return [rule.quantity, unit].filter(Boolean).join(" ") || words.any;
}

function facts(rule: PatrolRule, text: Catalogue): [string, string][] {
  const words = text.patrol;
  const stuck =
    rule.stuck_h === null
      ? words.unasked
      : [words.stuckRule(rule.stuck_h), rule.rest_share > 0 ? words.restRule(percent(rule.rest_share)) : ""]
          .filter(Boolean)
          .join("，");
  const ranged =
    rule.low === null && rule.high === null
      ? words.rangeOwn
      : words.rangeRule(rule.low === null ? "–" : `${rule.low}`, rule.high === null ? "–" : `${rule.high}`);
  return [
    [
      words.checks.stale ?? "",
      rule.stale_periods === null
        ? words.unasked
        : words.staleRule(rule.stale_periods, spanWords(rule.stale_s * 1000, text)),
    ],
    [words.checks.stuck ?? "", stuck],
    [words.checks.range ?? "", rule.ranged ? ranged : words.unasked],
    [
      words.checks.swing ?? "",
      rule.swing_share === null ? words.unasked : words.swingRule(percent(rule.swing_share), rule.swing_h),
    ],
    [
      words.checks.rare ?? "",
      rule.rare_share === null ? words.unasked : words.rareRule(percent(rule.rare_share), rule.rare_h),
    ],
    [words.source, rule.source],
  ];
}

const BLANK: Values = {
  stale_periods: 3,
  stale_s: 900,
  stuck_h: 24,
  moves: 0.05,
  rest: 0,
  ranged: true,
  swing: 60,
  swing_h: 3,
  rare: 50,
  rare_h: 3,
};

const hundred = (share: number | null) => (share === null ? null : Math.round(share * 1e6) / 1e4);

function values(rule: PatrolRule): Values {
  return {
    ...rule,
    region: rule.own ? rule.region : undefined,
    moves: hundred(rule.moves_share),
    rest: hundred(rule.rest_share),
    swing: hundred(rule.swing_share),
    rare: hundred(rule.rare_share),
    source: rule.own ? rule.source : "",
    last_day: null,
  };
}

function body(typed: Values): Values {
  const share = (value: unknown) => (typeof value === "number" ? value / 100 : null);
  const or = (value: unknown, empty: unknown) => (value === undefined || value === "" ? empty : value);
  return {
    region: typed.region,
    quantity: or(typed.quantity, null),
    unit: or(typed.unit, null),
    stale_periods: or(typed.stale_periods, null),
    stale_s: typed.stale_s ?? 900,
    stuck_h: or(typed.stuck_h, null),
    moves_share: share(typed.moves) ?? 0,
    rest_share: share(typed.rest) ?? 0,
    ranged: Boolean(typed.ranged),
    low: or(typed.low, null),
    high: or(typed.high, null),
    swing_share: share(typed.swing),
    swing_h: typed.swing_h ?? 3,
    rare_share: share(typed.rare),
    rare_h: typed.rare_h ?? 3,
    source: typed.source,
    last_day: or(typed.last_day, null),
  };
}

function fields(text: Catalogue): EditField[] {
  const words = text.patrol;
  const share = { kind: "number" as const, least: 0, most: 100, unit: "%" };
  return [
    {
      name: "region",
      label: words.region,
      required: true,
      kind: "own",
      input: <RegionSelect label={words.region} />,
    },
    { name: "quantity", label: words.quantity, max: 64 },
    { name: "unit", label: words.unit, max: 64 },
    { name: "stale_periods", label: words.stalePeriods, kind: "number", least: 1, most: 1000 },
    {
      name: "stale_s",
      label: words.staleSeconds,
      kind: "number",
      least: 60,
      most: 2_592_000,
      unit: words.seconds,
    },
    { name: "stuck_h", label: words.stuckHours, kind: "number", least: 1, most: 720, unit: words.hours },
    { name: "moves", label: words.moves, help: words.movesHelp, ...share },
    { name: "rest", label: words.rest, help: words.restHelp, ...share },
    { name: "ranged", label: words.ranged, kind: "check" },
    { name: "low", label: words.low, kind: "number", when: (typed) => Boolean(typed.ranged) },
    { name: "high", label: words.high, kind: "number", when: (typed) => Boolean(typed.ranged) },
    { name: "swing", label: words.swing, ...share, most: 1000 },
    { name: "swing_h", label: words.swingHours, kind: "number", least: 1, most: 24, unit: words.hours },
    { name: "rare", label: words.rare, ...share },
    { name: "rare_h", label: words.rareHours, kind: "number", least: 1, most: 24, unit: words.hours },
    { name: "source", label: words.source, required: true, max: 200 },
    { name: "last_day", label: words.lastDay, kind: "date", help: words.lastDayHelp },
  ];
}
