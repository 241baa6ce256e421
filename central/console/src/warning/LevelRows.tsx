// The rules of a level table: what each speaks of, the level it gives, and why.

import type { RuleRow } from "../api/levels.ts";
import { type Catalogue, useText } from "../locales/index.tsx";
import { LevelBadge } from "../parts/Level.tsx";
import { type Column, Rows } from "../parts/Rows.tsx";
import { Calm } from "../parts/States.tsx";

export interface Numbered {
  index: number;
  rule: RuleRow;
}

export const kindWords = (kind: string, text: Catalogue) => text.levels.kinds[kind] ?? kind;

/** What a rule speaks of, in words; without matchers it is the rule for all others. */
export function matchWords(rule: RuleRow, text: Catalogue): string {
  const words = text.levels;
  const parts = [
    rule.limit_name && limitWords(rule.limit_name, text),
    rule.side && (words.sides[rule.side] ?? rule.side),
    rule.quantity,
    rule.hazard_class && text.hazardClass(rule.hazard_class),
    rule.held_s > 0 && words.row.heldFor(Math.round((rule.held_s / 60) * 10) / 10),
    rule.raises > 0 && words.row.raisedFor(rule.raises, rule.within_h),
  ].filter(Boolean);
  return parts.length ? parts.join(" · ") : words.row.any;
}

export function limitWords(name: string, text: Catalogue): string {
  return text.limitState[name.toLowerCase()] ?? text.levels.limits[name] ?? name;
}

export function LevelRows({ rows, open }: { rows: readonly RuleRow[]; open?: (row: Numbered) => void }) {
  const text = useText();
  const words = text.levels.row;
  if (rows.length === 0) return <Calm title={words.none} />;
  const columns: Column<Numbered>[] = [
    {
      key: "kind",
      title: words.kind,
      width: "minmax(7rem, .8fr)",
      cell: ({ rule }) => kindWords(rule.kind, text),
    },
    {
      key: "match",
      title: words.match,
      width: "minmax(10rem, 1.4fr)",
      cell: ({ rule }) => matchWords(rule, text),
    },
    {
      key: "level",
      title: words.level,
      width: "minmax(5rem, .4fr)",
      cell: ({ rule }) => <LevelBadge level={rule.level} />,
    },
    {
      key: "reason",
      title: words.reason,
      width: "minmax(12rem, 2fr)",
      cell: ({ rule }) => rule.reason,
    },
  ];
  return (
    <Rows<Numbered>
      label={words.title}
      rows={rows.map((rule, index) => ({ index, rule }))}
      columns={columns}
      rowKey={(row) => row.index}
      name={(row) => `${kindWords(row.rule.kind, text)} ${matchWords(row.rule, text)}`}
      open={open}
    />
  );
}
