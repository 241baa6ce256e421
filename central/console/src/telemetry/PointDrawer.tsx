// A point's trend over a chosen span, beside the page that it was opened from; the address holds both.

import { Drawer, Segmented } from "antd";
import type { PointRow } from "../api/types.ts";
import { PointAlarms } from "../devices/PointAlarms.tsx";
import { useLivePoint } from "../live/latest.ts";
import { useText } from "../locales/index.tsx";
import { measured, steady } from "../parts/figures.ts";
import { LimitBar } from "../parts/LimitBar.tsx";
import { Link } from "../parts/Link.tsx";
import { QualitySign } from "../parts/Signs.tsx";
import { usePhone } from "../parts/usePhone.ts";
import { When } from "../parts/When.tsx";
import { Trend } from "./Trend.tsx";
import { useWindow } from "./useWindow.ts";

const MINUTE = 60_000;
const SPANS: Record<string, [span: number, step: number]> = {
  "1h": [60 * MINUTE, 15_000],
  "6h": [360 * MINUTE, 60_000],
  "24h": [1_440 * MINUTE, 5 * MINUTE],
  "7d": [10_080 * MINUTE, 30 * MINUTE],
};

interface Props {
  point: PointRow;
  range: string;
  setRange: (range: string) => void;
  close: () => void;
}

export function PointDrawer({ point: fetched, range, setRange, close }: Props) {
  const text = useText();
  const phone = usePhone();
  const point = useLivePoint(fetched);
  const [span, step] = SPANS[range] ?? [60 * MINUTE, 15_000];
  const window = useWindow(span, step);
  const useless = point.quality_text === "bad" || point.value === null;
  return (
    <Drawer
      open
      onClose={close}
      placement={phone ? "bottom" : "right"}
      size={phone ? "92%" : 760}
      title={`${point.name} · ${point.key}`}
    >
      <div className="point-drawer">
        <div className="point-now">
          <span className={`point-value${useless ? " point-useless" : ""}`}>
            {point.value === null ? "––" : steady(point.value)}
            <small>{point.unit}</small>
          </span>
          <span className="point-signs">
            <QualitySign point={point} />
            <When at={point.at} />
          </span>
        </div>
        <LimitBar value={useless ? null : point.value} range={point.range} limits={point.limits} />
        <Segmented
          aria-label={text.point.trend}
          value={range}
          onChange={setRange}
          options={Object.keys(SPANS).map((value) => ({ value, label: text.trend.ranges[value] ?? value }))}
        />
        <Trend
          pointId={point.id}
          name={point.name}
          unit={point.unit}
          window={window}
          height={phone ? 260 : 340}
        />
        <p>
          <Link to={`/trends?points=${point.id}`}>{text.trend.compare}</Link>{" "}
          <Link to={`/back-test?point=${point.id}`}>{text.backtest.open}</Link>
        </p>
        <section aria-label={text.covered.alarms}>
          <h3>{text.covered.alarms}</h3>
          <PointAlarms point={point} />
        </section>
        <dl className="facts-list">
          {point.range.low !== null && point.range.high !== null && (
            <>
              <dt>{text.point.range}</dt>
              <dd>
                {measured(point.range.low)} – {measured(point.range.high)} {point.unit}
              </dd>
            </>
          )}
        </dl>
      </div>
    </Drawer>
  );
}
