// Enterprises by their index, the worst first; region and industry come with a link and can be taken away.

import { enterpriseRisks, type RiskRow } from "../api/risk.ts";
import { useText } from "../locales/index.tsx";
import { LevelShape } from "../parts/Level.tsx";
import { ListPage } from "../parts/ListPage.tsx";
import "../styles/risk.css";
import { LEVELS, useRiskLook } from "./signs.tsx";
import { riskTabs } from "./tabs.ts";

export function EnterpriseRisks() {
  const text = useText();
  const words = text.risk;
  return (
    <ListPage<RiskRow>
      name="risk-enterprises"
      title={words.list}
      tabs={riskTabs(text)}
      query={enterpriseRisks}
      rows={useRiskLook("enterprise")}
      empty={words.empty}
      emptyAll={words.emptyAll}
      fields={[
        { kind: "text", name: "q", label: words.search },
        {
          kind: "select",
          name: "level",
          label: words.level,
          options: [
            { value: "", label: words.anyLevel },
            ...LEVELS.map((value) => ({
              value,
              label: (
                <span className={`level-word level-word-${value}`}>
                  <LevelShape level={value} /> {text.level[value]}
                </span>
              ),
            })),
          ],
          further: (value) =>
            value
              .split(",")
              .map((one) => text.level[one as keyof typeof text.level] ?? "")
              .join("、"),
        },
        {
          kind: "chip",
          name: "region",
          // A link may name a county: its townships have names of their own.
          words: (value, rows) =>
            words.inRegion(
              (rows as readonly RiskRow[]).find((row) => row.region === value)?.region_name ?? value,
            ),
        },
        {
          kind: "chip",
          name: "sector",
          words: (value, rows) =>
            words.inSector(
              (rows as readonly RiskRow[]).find((row) => row.sector === value)?.sector_name ?? value,
            ),
        },
      ]}
    />
  );
}
