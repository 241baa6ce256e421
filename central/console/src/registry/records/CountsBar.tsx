// How many records each choice of a field has, to be tapped as a filter; and the sums of a list.

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { Filter } from "../../api/list.ts";
import { type RegisterEntry, recordCounts, recordTotals } from "../../api/records.ts";
import { useLanguage, useText } from "../../locales/index.tsx";
import { type Field, labelOf } from "./spec.ts";
import { figureWords } from "./words.ts";

interface Props {
  entry: RegisterEntry;
  field: Field | undefined;
  /** As the centre takes it. */
  filter: Filter;
  chosen: (field: Field) => string;
  choose: (field: Field, value: string) => void;
}

export function CountsBar({ entry, field, ...rest }: Props) {
  return field ? <Bar entry={entry} field={field} {...rest} /> : null;
}

function Bar({ entry, field, filter, chosen, choose }: Props & { field: Field }) {
  const text = useText();
  const { language } = useLanguage();
  const others = Object.fromEntries(
    Object.entries(filter).filter(([name]) => name !== `values.${field.name}`),
  );
  const counts = useQuery({
    ...recordCounts(entry.name, `values.${field.name}`, others),
    placeholderData: keepPreviousData,
  });
  const items = (counts.data?.items ?? []).filter((item) => item.value !== null && item.count > 0);
  if (items.length < 2) return null;
  const most = Math.max(...items.map((item) => item.count));
  const now = chosen(field);
  return (
    <fieldset className="tally" aria-label={text.records.tally(labelOf(field, language))}>
      {items.map((item) => {
        const value = item.value ?? "";
        const known = field.choices.find((choice) => choice.code === value);
        return (
          <button
            key={value}
            type="button"
            className="tally-one"
            aria-pressed={now === value}
            onClick={() => choose(field, now === value ? "" : value)}
          >
            <span>
              {known ? labelOf(known, language) : item.label} <strong className="number">{item.count}</strong>
            </span>
            <span className="tally-bar" style={{ width: `${(item.count / most) * 100}%` }} />
          </button>
        );
      })}
    </fieldset>
  );
}

/** The sums over everything that the filter finds, not only over what is loaded. */
export function Totals({
  entry,
  fields,
  filter,
}: {
  entry: RegisterEntry;
  fields: readonly Field[];
  filter: Filter;
}) {
  const text = useText();
  const { language } = useLanguage();
  const found = useQuery({
    ...recordTotals(entry.name, filter),
    enabled: entry.totals.length > 0,
    placeholderData: keepPreviousData,
  });
  const totals = found.data?.totals ?? {};
  const known = entry.totals
    .map((name) => [fields.find((field) => field.name === name), totals[name]] as const)
    .filter(([field, sum]) => field !== undefined && sum !== undefined && sum !== null);
  if (!known.length) return null;
  return (
    <p className="totals">
      <strong>{text.records.totals(found.data?.total ?? 0)}</strong>
      {known.map(([field, sum]) => (
        <span key={field?.name}>
          <span className="faint">{field && labelOf(field, language)}</span>{" "}
          <strong className="number">{figureWords(Number(sum))}</strong> {field?.unit}
        </span>
      ))}
    </p>
  );
}
