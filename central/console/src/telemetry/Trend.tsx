// A trend with limits; picture and data can be taken away.

import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import type { EChartsType } from "echarts/core";
import { useEffect, useRef, useState } from "react";
import { trend } from "../api/queries.ts";
import type { TrendData } from "../api/types.ts";
import { useText } from "../locales/index.tsx";
import { now } from "../parts/clock.ts";
import { Failed, Loading } from "../parts/States.tsx";
import { fullTime, spanWords } from "../parts/time.ts";
import { usePhone } from "../parts/usePhone.ts";
import { chartOption, type Mark } from "./chart.ts";
import { take } from "./taking.ts";
import type { Window } from "./useWindow.ts";

interface Props {
  pointId: number;
  name: string;
  unit: string;
  window: Window;
  marks?: Mark[];
  height?: number;
}

export function Trend({ pointId, name, unit, window, marks = [], height = 280 }: Props) {
  const text = useText();
  const phone = usePhone();
  const data = useQuery(trend(pointId, window.from, window.to, phone ? 180 : 360, false));
  const chart = useRef<EChartsType | null>(null);
  const empty = data.data?.buckets.every((bucket) => bucket.count === 0 && bucket.bad === 0) ?? false;
  return (
    <div className="trend">
      <div className="trend-stage" style={{ height }}>
        {data.isPending ? (
          <Loading />
        ) : data.isError && !data.data ? (
          <Failed error={data.error} retry={() => data.refetch()} />
        ) : empty ? (
          <p className="trend-empty">{text.trend.empty}</p>
        ) : (
          <Stage data={data.data} unit={unit} marks={marks} name={name} hold={chart} />
        )}
      </div>
      {data.data && !empty && (
        <div className="trend-foot">
          <span className="trend-key">
            <i className="trend-key-hatch" aria-hidden="true" /> {text.trend.badBand}
          </span>
          <span className="trend-key faint">
            {text.trend.bucket(spanWords(data.data.bucket_s * 1_000, text))}
          </span>
          <span className="trend-take">
            <Button size="small" onClick={() => chart.current && savePicture(chart.current, name)}>
              {text.trend.picture}
            </Button>
            <Button size="small" onClick={() => saveData(data.data, name, text.trend.columns)}>
              {text.trend.data}
            </Button>
          </span>
        </div>
      )}
    </div>
  );
}

interface StageProps {
  data: TrendData;
  unit: string;
  name: string;
  marks: Mark[];
  hold: { current: EChartsType | null };
}

function Stage({ data, unit, name, marks, hold }: StageProps) {
  const text = useText();
  const phone = usePhone();
  const place = useRef<HTMLDivElement>(null);
  const [ready, setReady] = useState(false);

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
    if (ready)
      hold.current?.setOption(chartOption(data, unit, marks, now(), text, phone), { notMerge: true });
  }, [ready, hold, data, unit, marks, text, phone]);

  return <div ref={place} className="trend-canvas" role="img" aria-label={`${name} ${text.point.trend}`} />;
}

function savePicture(chart: EChartsType, name: string): void {
  take(chart.getDataURL({ pixelRatio: 2, backgroundColor: "#fff" }), `${name}.png`);
}

function saveData(data: TrendData, name: string, columns: string[]): void {
  const lines = data.buckets.map((b) =>
    [fullTime(b.t), b.min ?? "", b.avg ?? "", b.max ?? "", b.count, b.bad].join(","),
  );
  // The mark at the start tells Excel that this is UTF-8.
  const blob = new Blob(["\uFEFF", [columns.join(","), ...lines].join("\r\n")], { type: "text/csv" });
  const href = URL.createObjectURL(blob);
  take(href, `${name}.csv`);
  URL.revokeObjectURL(href);
}
