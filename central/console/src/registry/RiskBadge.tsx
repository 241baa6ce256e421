// The colour of a risk: an outlined badge (a warning is a filled one), with shape and word, and why on a tap.

import { Popover } from "antd";
import type { Portrait } from "../api/dossier.ts";
import type { Level } from "../api/types.ts";
import { useText } from "../locales/index.tsx";
import { LevelShape } from "../parts/Level.tsx";

export function RiskMark({ level, why }: { level: Level | null; why?: string }) {
  const text = useText();
  if (!level) return <span className="faint">{text.dossier.noRisk}</span>;
  return (
    <span className={`risk-badge risk-${level}`} title={why || undefined}>
      <LevelShape level={level} size={10} />
      {text.level[level]}
    </span>
  );
}

export function RiskBadge({ portrait }: { portrait: Portrait }) {
  const text = useText();
  const words = text.dossier;
  return (
    <Popover
      trigger="click"
      arrow={false}
      title={words.riskWhy}
      content={
        <div className="why-seen">
          {portrait.reasons.length === 0 ? (
            <p>{words.noRiskWhy}</p>
          ) : (
            <ul>
              {portrait.reasons.map((reason) => (
                <li key={reason.text}>
                  <RiskMark level={reason.colour} /> {reason.text}
                </li>
              ))}
            </ul>
          )}
          <p className="faint">{words.proposal}</p>
        </div>
      }
    >
      <button type="button" className="risk-button">
        <span className="faint">{words.risk}</span> <RiskMark level={portrait.colour} />
      </button>
    </Popover>
  );
}
