// Where the points of an index come from: a bar a line, each beginning where the one above ended, down to the sum.

import { useState } from "react";
import type { RiskIndex, RiskReason } from "../api/risk.ts";
import { useLanguage, useText } from "../locales/index.tsx";
import { measured } from "../parts/figures.ts";
import { Link } from "../parts/Link.tsx";

interface Placed {
  reason: RiskReason;
  from: number;
}

/** Lines with where each bar begins; what earned nothing apart. */
function placed(reasons: readonly RiskReason[]): { bars: Placed[]; none: RiskReason[] } {
  const bars: Placed[] = [];
  let sum = 0;
  for (const reason of reasons) {
    if (reason.points === 0 && reason.missing === "") continue;
    bars.push({ reason, from: sum });
    sum += reason.points;
  }
  return { bars, none: reasons.filter((reason) => reason.points === 0 && reason.missing === "") };
}

export function Waterfall({ index }: { index: RiskIndex }) {
  const text = useText();
  const words = text.risk;
  const [all, setAll] = useState(false);
  const { bars, none } = placed(index.reasons);
  const { red, orange, yellow } = index.model.bands;
  return (
    <div className="waterfall">
      <div className="waterfall-line waterfall-head" aria-hidden="true">
        <span>{words.input}</span>
        <span className="waterfall-value">{words.value}</span>
        <span className="waterfall-track">
          {[yellow, orange, red].map((band) => (
            <i key={band} className="waterfall-band" style={{ left: `${band}%` }}>
              {band}
            </i>
          ))}
        </span>
        <span className="waterfall-points">{words.gets}</span>
      </div>
      {bars.map(({ reason, from }) => (
        <Bar key={reason.input + reason.floor} reason={reason} from={from} />
      ))}
      <div className="waterfall-line waterfall-sum">
        <span>{words.sum}</span>
        <span className="waterfall-value" />
        <span className="waterfall-track" aria-hidden="true">
          <i
            className={`waterfall-bar risk-fill-${index.row.level}`}
            style={{ width: `${index.row.score}%` }}
          />
        </span>
        <strong className="waterfall-points">{measured(index.row.score)}</strong>
      </div>
      {none.length > 0 && (
        <details className="waterfall-none" open={all} onToggle={(e) => setAll(e.currentTarget.open)}>
          <summary>{words.none(none.length)}</summary>
          {none.map((reason) => (
            <Bar key={reason.input} reason={reason} from={0} />
          ))}
        </details>
      )}
    </div>
  );
}

function Bar({ reason, from }: { reason: RiskReason; from: number }) {
  const text = useText();
  const { language } = useLanguage();
  const words = text.risk;
  const name = language === "en" ? reason.name_en : reason.name;
  const meaning = language === "en" ? reason.meaning_en : reason.meaning;
  const percent = Math.round(reason.share * 100);
  const how = reason.floor
    ? words.floorOf(reason.floor)
    : reason.missing === "assume"
      ? words.assumed(percent)
      : reason.missing === "spread"
        ? words.spreadOut
        : `${words.weight} ${measured(reason.weight)} × ${percent}%`;
  return (
    <div className={`waterfall-line${reason.missing ? " waterfall-missing" : ""}`}>
      <span className="waterfall-name" title={meaning}>
        {reason.link ? <Link to={reason.link}>{name}</Link> : name}
        <small className="faint">{how}</small>
      </span>
      <span className="waterfall-value">
        {reason.value === null ? words.lost : `${measured(reason.value)} ${reason.unit}`}
      </span>
      <span className="waterfall-track" aria-hidden="true">
        <i
          className={`waterfall-bar${reason.floor ? " waterfall-floor" : ""}`}
          style={{ left: `${from}%`, width: `${reason.points}%` }}
        />
      </span>
      <span className="waterfall-points">{reason.points === 0 ? "0" : `+${measured(reason.points)}`}</span>
    </div>
  );
}
