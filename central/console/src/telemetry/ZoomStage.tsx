// Panels over one time axis; whoever draws across them with the mouse chooses the stretch to look at.

import type { EChartsType } from "echarts/core";
import { useEffect, useRef, useState } from "react";
import type { SharedTrend } from "../api/trends.ts";
import { useText } from "../locales/index.tsx";
import { now } from "../parts/clock.ts";
import { usePhone } from "../parts/usePhone.ts";
import { heightOf, panelsOf, panelsOption } from "./panels.ts";

interface Props {
  trend: SharedTrend;
  together: boolean;
  hold: { current: EChartsType | null };
  choose: (fromMs: number, toMs: number) => void;
}

const LEAST_PX = 8;

export function ZoomStage({ trend, together, hold, choose }: Props) {
  const text = useText();
  const phone = usePhone();
  const place = useRef<HTMLDivElement>(null);
  const [ready, setReady] = useState(false);
  const [drawn, setDrawn] = useState<{ from: number; to: number } | null>(null);
  const panels = panelsOf(trend, together);
  const height = heightOf(panels.length, phone);

  useEffect(() => {
    let gone = false;
    let watch: ResizeObserver | undefined;
    import("./canvas.ts").then(({ init }) => {
      if (gone || !place.current) return;
      const chart = init(place.current);
      hold.current = chart;
      watch = new ResizeObserver(() => chart.resize());
      watch.observe(place.current);
      setReady(true);
    });
    return () => {
      gone = true;
      watch?.disconnect();
      hold.current?.dispose();
      hold.current = null;
    };
  }, [hold]);

  useEffect(() => {
    if (!ready || !hold.current) return;
    hold.current.resize();
    hold.current.setOption(panelsOption(trend, panelsOf(trend, together), together, now(), text, phone), {
      notMerge: true,
    });
  }, [ready, hold, trend, together, text, phone]);

  const at = (event: React.PointerEvent) => event.clientX - event.currentTarget.getBoundingClientRect().left;
  const end = () => {
    if (!drawn || !hold.current) return;
    setDrawn(null);
    if (Math.abs(drawn.to - drawn.from) < LEAST_PX) return;
    const moment = (x: number) => Number(hold.current?.convertFromPixel({ xAxisIndex: 0 }, x));
    const [from, to] = [moment(Math.min(drawn.from, drawn.to)), moment(Math.max(drawn.from, drawn.to))];
    if (Number.isFinite(from) && Number.isFinite(to)) choose(from, to);
  };
  return (
    <div
      className="trend-zoom"
      style={{ height }}
      onPointerDown={(event) => {
        // A finger scrolls the page; it has buttons for the rest.
        if (event.pointerType !== "mouse" || event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        setDrawn({ from: at(event), to: at(event) });
      }}
      onPointerMove={(event) => {
        if (drawn) setDrawn({ from: drawn.from, to: at(event) });
      }}
      onPointerUp={end}
      onPointerCancel={() => setDrawn(null)}
    >
      <div
        ref={place}
        className="trend-canvas"
        role="img"
        aria-label={trend.items.map((item) => item.name).join(" ")}
      />
      {drawn && (
        <div
          className="trend-chosen"
          style={{ left: Math.min(drawn.from, drawn.to), width: Math.abs(drawn.to - drawn.from) }}
        />
      )}
    </div>
  );
}
