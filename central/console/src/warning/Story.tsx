// The way of a warning, hop by hop: instrument, gateway, centre, each person called; with the time of every hop.

import { Tooltip } from "antd";
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

export function Story({ hops }: { hops: readonly Hop[] }) {
  const text = useText();
  if (hops.length === 0) return <p className="quiet-line">{text.warning.noStory}</p>;
  let day = "";
  return (
    <ol className="story" aria-label={text.warning.story}>
      {hops.map((hop, index) => {
        const full = fullTime(hop.at);
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
              {(hop.who || hop.detail) && (
                <div className="hop-detail">
                  {hop.who && <span className="hop-who">{hop.who}</span>}
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
