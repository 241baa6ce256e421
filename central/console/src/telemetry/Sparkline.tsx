// The last hour of a point in a small picture: band of lowest and highest, limits, bad stretches hatched.

import { useQuery } from "@tanstack/react-query";
import { useEffect, useId, useRef, useState } from "react";
import { trend } from "../api/queries.ts";
import type { Bucket, Limits } from "../api/types.ts";
import { useText } from "../locales/index.tsx";
import { useWindow } from "./useWindow.ts";

const WIDTH = 300;
const HEIGHT = 56;
const BUCKETS = 120;
const HOUR_MS = 3_600_000;

/** True once the element has been on screen: a page of a hundred points asks only for what is looked at. */
function useSeen() {
  const ref = useRef<HTMLDivElement>(null);
  const [seen, setSeen] = useState(false);
  useEffect(() => {
    const element = ref.current;
    if (!element || seen) return;
    const watch = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) setSeen(true);
      },
      { rootMargin: "120px" },
    );
    watch.observe(element);
    return () => watch.disconnect();
  }, [seen]);
  return { ref, seen };
}

export function Sparkline({ pointId }: { pointId: number }) {
  const text = useText();
  const { ref, seen } = useSeen();
  const window = useWindow(HOUR_MS, 30_000);
  const data = useQuery({ ...trend(pointId, window.from, window.to, BUCKETS, false), enabled: seen });
  return (
    <div ref={ref} className="spark" role="img" aria-label={text.enterprise.lastHour}>
      {data.data && (
        <Picture
          buckets={data.data.buckets}
          step={data.data.bucket_s * 1_000}
          held={data.data.held_s * 1_000}
          limits={data.data.limits}
          from={window.from}
          to={window.to}
        />
      )}
    </div>
  );
}

interface Drawn {
  buckets: Bucket[];
  step: number;
  /** Milliseconds for which a stored value stands: a quiet point is not stored more often. */
  held: number;
  limits: Limits;
  from: string;
  to: string;
}

function Picture({ buckets, step, held, limits, from, to }: Drawn) {
  const hatch = useId();
  const start = new Date(from).getTime();
  const end = new Date(to).getTime();
  const good = buckets.filter((bucket) => bucket.min !== null && bucket.max !== null);
  const marks = [limits.ll, limits.l, limits.h, limits.hh].filter((mark): mark is number => mark !== null);
  const lows = good.map((bucket) => bucket.min as number);
  const highs = good.map((bucket) => bucket.max as number);
  if (good.length === 0) return null;
  let low = Math.min(...lows);
  let high = Math.max(...highs);
  const near = marks.filter(
    (mark) =>
      mark <= high + (high - low + Math.abs(high) * 0.2) * 2 &&
      mark >= low - (high - low + Math.abs(low) * 0.2) * 2,
  );
  low = Math.min(low, ...near);
  high = Math.max(high, ...near);
  const room = (high - low || Math.abs(high) || 1) * 0.12;
  const x = (at: number) => ((at - start) / (end - start)) * WIDTH;
  const y = (value: number) => HEIGHT - ((value - low + room) / (high - low + 2 * room)) * HEIGHT;

  // Runs of neighbouring good buckets are drawn; nothing is drawn across a gap.
  const runs: { at: number; bucket: Bucket }[][] = [];
  const gaps: { at: number; bad: boolean }[] = [];
  let run: { at: number; bucket: Bucket }[] = [];
  for (const bucket of buckets) {
    const at = new Date(bucket.t).getTime() + step / 2;
    if (bucket.bad > 0 && bucket.count === 0) gaps.push({ at, bad: true });
    const before = run.at(-1);
    if (before && at - before.at > step + held) {
      runs.push(run);
      run = [];
    }
    if (bucket.count > 0 && bucket.min !== null) run.push({ at, bucket });
    else if (run.length) {
      runs.push(run);
      run = [];
    }
  }
  if (run.length) runs.push(run);
  return (
    <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
      <defs>
        <pattern id={hatch} width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <path d="M0 0v5" className="spark-hatch" />
        </pattern>
      </defs>
      {gaps.map((gap) => (
        <rect
          key={gap.at}
          x={x(gap.at - step / 2)}
          y={0}
          width={Math.max(1, (step / (end - start)) * WIDTH)}
          height={HEIGHT}
          fill={`url(#${hatch})`}
        />
      ))}
      {near.map((mark) => (
        <line key={mark} x1={0} x2={WIDTH} y1={y(mark)} y2={y(mark)} className="spark-limit" />
      ))}
      {runs.map((each) => (
        <g key={each[0]?.at}>
          <polygon
            className="spark-band"
            points={[
              ...each.map(({ at, bucket }) => `${x(at)},${y(bucket.max as number)}`),
              ...each.toReversed().map(({ at, bucket }) => `${x(at)},${y(bucket.min as number)}`),
            ].join(" ")}
          />
          <polyline
            className="spark-line"
            points={each
              .map(({ at, bucket }) => `${x(at)},${y((bucket.avg ?? bucket.max) as number)}`)
              .join(" ")}
          />
        </g>
      ))}
    </svg>
  );
}
