// An index over time, by days, months, quarters or years; a day that is chosen opens its own reasons.

import { useQuery } from "@tanstack/react-query";
import { Segmented } from "antd";
import type { EChartsType } from "echarts/core";
import { useEffect, useRef, useState } from "react";
import { type RiskTrend, riskTrend, type Unit } from "../api/risk.ts";
import { useText } from "../locales/index.tsx";
import { Card } from "../parts/Page.tsx";
import { Failed, Loading } from "../parts/States.tsx";
import { usePhone } from "../parts/usePhone.ts";
import { riskOption } from "./chart.ts";

const UNITS: readonly Unit[] = ["day", "month", "quarter", "year"];
const DAYS: Record<Unit, number> = { day: 90, month: 730, quarter: 1460, year: 3650 };

export function TrendCard({ path, choose }: { path: string; choose?: (day: string) => void }) {
  const text = useText();
  const words = text.risk;
  const [unit, setUnit] = useState<Unit>("day");
  const found = useQuery(riskTrend(path, DAYS[unit], unit));
  return (
    <Card
      title={words.trend}
      extra={
        <Segmented
          aria-label={words.trend}
          value={unit}
          onChange={setUnit}
          options={UNITS.map((value) => ({ value, label: words.units[value] }))}
        />
      }
    >
      <div className="trend-stage risk-trend">
        {found.isPending ? (
          <Loading />
        ) : found.isError && !found.data ? (
          <Failed error={found.error} retry={() => found.refetch()} />
        ) : found.data.days.length === 0 ? (
          <p className="trend-empty">{words.trendEmpty}</p>
        ) : (
          <Stage trend={found.data} choose={unit === "day" ? choose : undefined} />
        )}
      </div>
      {unit !== "day" && <p className="faint">{words.unitRule}</p>}
    </Card>
  );
}

function Stage({ trend, choose }: { trend: RiskTrend; choose?: (day: string) => void }) {
  const text = useText();
  const phone = usePhone();
  const place = useRef<HTMLDivElement>(null);
  const hold = useRef<EChartsType | null>(null);
  const chosen = useRef(choose);
  const [ready, setReady] = useState(false);
  useEffect(() => {
    chosen.current = choose;
  }, [choose]);
  useEffect(() => {
    let gone = false;
    let watch: ResizeObserver | undefined;
    import("../telemetry/canvas.ts").then(({ init }) => {
      if (gone || !place.current) return;
      const chart = init(place.current);
      hold.current = chart;
      chart.on("click", (mark) => {
        const day = (mark.value as [string, number | null])[0];
        if (day) chosen.current?.(day);
      });
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
  }, []);
  useEffect(() => {
    if (ready) hold.current?.setOption(riskOption(trend, text, phone), { notMerge: true });
  }, [ready, trend, text, phone]);
  return <div ref={place} className="trend-canvas" role="img" aria-label={text.risk.trend} />;
}
