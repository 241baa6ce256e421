// The way of a warning, hop by hop: instrument, gateway, centre, each person called; with the time of every hop.

import { Tooltip } from "antd";
import { useState } from "react";
import type { Hop, HopSource } from "../api/types.ts";
import { useText } from "../locales/index.tsx";
import { fullTime, preciseTime, spanWords } from "../parts/time.ts";

const shapes: Record<HopSource, string> = {
  instrument: "◇",
  gateway: "▣",
  centre: "◎",
  person: "◆",
  provider: "✉",
};

/** A long story shows its beginning and its newest; what lies between is one tap away. */
const KEPT = 25;

export function Story({ hops }: { hops: readonly Hop[] }) {
  const text = useText();
  const [whole, setWhole] = useState(false);
  if (hops.length === 0) return <p className="quiet-line">{text.warning.noStory}</p>;
  let day = "";
  const folded = whole || hops.length <= 2 * KEPT + 10 ? 0 : hops.length - 2 * KEPT;
  return (
    <ol className="story" aria-label={text.warning.story}>
      {hops.map((hop, index) => {
        if (folded && index === KEPT)
          return (
            <li key="folded" className="hop-folded">
              <button type="button" className="quiet-link" onClick={() => setWhole(true)}>
                {text.warning.foldedHops(folded)}
              </button>
            </li>
          );
        if (folded && index > KEPT && index < hops.length - KEPT) return null;
        const full = fullTime(hop.at);
        // "短信已送达：周海宁" names the person already.
        const who = hop.title.includes(hop.who) ? "" : hop.who;
        const newDay = full.slice(0, 10) !== day;
        day = full.slice(0, 10);
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: the story only grows, and hops have no name of their own
          <li key={index} className={`hop hop-${hop.source}`}>
            {newDay && <span className="hop-day">{day}</span>}
            <div className="hop-time">
              <time dateTime={hop.at} title={full}>
                {preciseTime(hop.at)}
              </time>
              {hop.latency_ms !== null && hop.latency_ms !== undefined && hop.latency_ms >= 0 && (
                <Tooltip title={text.warning.latencyExplain}>
                  <span className="hop-latency">{text.warning.latency(spanWords(hop.latency_ms, text))}</span>
                </Tooltip>
              )}
            </div>
            <span className="hop-mark" aria-hidden="true">
              {shapes[hop.source] ?? "·"}
            </span>
            <div className="hop-what">
              <div className="hop-title">
                <span className="hop-source">{text.warning.source[hop.source]}</span>
                <strong>{hop.title}</strong>
              </div>
              {(who || hop.detail) && (
                <div className="hop-detail">
                  {who && <span className="hop-who">{who}</span>}
                  {hop.detail && <span>{hop.detail}</span>}
                </div>
              )}
            </div>
          </li>
        );
      })}
    </ol>
  );
}
