// What a model says, to be read: inputs with weights and curves, levels, floors, warnings.

import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { type RiskDefinition, type RiskInput, type RiskTerm, riskInputs, type Scale } from "../api/risk.ts";
import { type Catalogue, useLanguage, useText } from "../locales/index.tsx";
import { Details } from "../parts/Details.tsx";
import { measured } from "../parts/figures.ts";
import { Card } from "../parts/Page.tsx";
import { LEVELS } from "./signs.tsx";

/** The inputs of a scale by key. */
export function useInputs(scale: Scale): Map<string, RiskInput> {
  const all = useQuery(riskInputs).data ?? [];
  return new Map(all.filter((one) => one.scale === scale).map((one) => [one.key, one]));
}

export function useInputName(scale: Scale): (key: string) => string {
  const { language } = useLanguage();
  const known = useInputs(scale);
  return (key) => {
    const found = known.get(key);
    return found ? (language === "en" ? found.name_en : found.name) : key;
  };
}

export const percent = (share: number) => Math.round(share * 1000) / 10;

function curveWords(term: RiskTerm, text: Catalogue): string {
  const words = text.risk.models;
  const points = term.points.map(([at, share]) => words.pointWords(at, percent(share))).join("，");
  return `${words.curves[term.curve]}：${points}`;
}

interface TermsProps {
  scale: Scale;
  terms: readonly RiskTerm[];
  /** In place of the plain number. */
  weight?: (term: RiskTerm, index: number) => ReactNode;
  acts?: (term: RiskTerm, index: number) => ReactNode;
}

export function Terms({ scale, terms, weight, acts }: TermsProps) {
  const text = useText();
  const { language } = useLanguage();
  const words = text.risk.models;
  const known = useInputs(scale);
  const most = Math.max(1, ...terms.map((term) => term.weight));
  return (
    <table className="risk-terms">
      <thead>
        <tr>
          <th scope="col">{text.risk.input}</th>
          <th scope="col">{text.risk.weight}</th>
          <th scope="col">{words.curve}</th>
          <th scope="col">{words.missing}</th>
          {acts && <th aria-label={words.draft.change} />}
        </tr>
      </thead>
      <tbody>
        {terms.map((term, index) => {
          const input = known.get(term.input);
          return (
            <tr key={term.input}>
              <td>
                <span className="two-lines">
                  <strong>{(language === "en" ? input?.name_en : input?.name) ?? term.input}</strong>
                  <span className="faint">{language === "en" ? input?.meaning_en : input?.meaning}</span>
                </span>
              </td>
              <td>
                {weight ? (
                  weight(term, index)
                ) : (
                  <>
                    <i
                      className="risk-weight"
                      style={{ width: `${(60 * term.weight) / most}px` }}
                      aria-hidden="true"
                    />
                    {measured(term.weight)}
                  </>
                )}
              </td>
              <td>
                {curveWords(term, text)} {input?.unit && <span className="faint">（{input.unit}）</span>}
              </td>
              <td>
                {term.missing.rule === "assume"
                  ? words.assume(percent(term.missing.share))
                  : words.missingRules.spread}
              </td>
              {acts && <td>{acts(term, index)}</td>}
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

export function Limits({
  scale,
  definition,
  extra,
}: {
  scale: Scale;
  definition: RiskDefinition;
  extra?: ReactNode;
}) {
  const text = useText();
  const words = text.risk.models;
  const name = useInputName(scale);
  const { bands, floors, alerts, margin } = definition;
  return (
    <Card title={`${words.bands} · ${words.floors} · ${words.alerts}`} extra={extra}>
      <Details
        items={[
          ...LEVELS.map(
            (level) =>
              [text.level[level], level === "blue" ? words.below : words.bandWords(bands[level])] as const,
          ),
          [
            words.floors,
            floors.length === 0 ? (
              words.noFloors
            ) : (
              <ul key="floors" className="risk-lists">
                {floors.map((floor) => (
                  <li key={floor.input + floor.score}>
                    {words.floorWords(name(floor.input), floor.least, floor.score)}（{floor.words}）
                  </li>
                ))}
              </ul>
            ),
          ],
          [
            words.alerts,
            alerts.length === 0 ? (
              words.noAlerts
            ) : (
              <>
                <ul className="risk-lists">
                  {alerts.map((one) => (
                    <li key={one.kind + one.points + one.days}>
                      {one.kind === "above"
                        ? words.alertAbove(one.points)
                        : words.alertRise(one.days, one.points)}{" "}
                      → {text.levelWarning[one.level]}
                    </li>
                  ))}
                </ul>
                <span className="faint">{words.alertNote(margin)}</span>
              </>
            ),
          ],
        ]}
      />
    </Card>
  );
}
