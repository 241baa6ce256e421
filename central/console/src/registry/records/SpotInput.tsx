// A place on the earth: typed, pasted, taken from the device, chosen on the map, or shifted on a small grid.

import { AimOutlined, EnvironmentOutlined } from "@ant-design/icons";
import { Button, Input, InputNumber, Select } from "antd";
import { lazy, type MouseEvent, Suspense, useState } from "react";
import { useText } from "../../locales/index.tsx";
import type { ControlProps } from "./controls.tsx";
import { readSpot, type Spot, shifted } from "./spot.ts";

const SpotPicker = lazy(async () => ({ default: (await import("../../map/SpotPicker.tsx")).SpotPicker }));

const SCALES = [100, 1_000, 10_000] as const;

export function SpotInput({ id, value, onChange }: ControlProps<Partial<Spot>>) {
  const text = useText();
  const words = text.records.spot;
  const [pasted, setPasted] = useState("");
  const [problem, setProblem] = useState("");
  const [asking, setAsking] = useState(false);
  const [grid, setGrid] = useState(false);
  const [picking, setPicking] = useState(false);
  const { longitude, latitude } = value ?? {};
  const whole =
    typeof longitude === "number" && typeof latitude === "number" ? { longitude, latitude } : null;
  const change = (next: Partial<Spot>) =>
    onChange?.(next.longitude === undefined && next.latitude === undefined ? null : next);
  const take = (spot: Spot) => {
    setProblem("");
    onChange?.(spot);
  };

  const ask = () => {
    if (!navigator.geolocation) {
      setProblem(words.noPosition);
      return;
    }
    setAsking(true);
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        setAsking(false);
        take(shifted({ longitude: coords.longitude, latitude: coords.latitude }, 0, 0));
      },
      (error) => {
        setAsking(false);
        setProblem(error.code === error.PERMISSION_DENIED ? words.forbidden : words.noPosition);
      },
      { enableHighAccuracy: true, timeout: 15_000, maximumAge: 30_000 },
    );
  };

  return (
    <div className="spot">
      <InputNumber<number>
        id={id}
        aria-label={words.longitude}
        prefix={words.longitude}
        suffix="°"
        controls={false}
        inputMode="decimal"
        value={longitude ?? null}
        onChange={(typed) => change({ latitude, longitude: typed ?? undefined })}
      />
      <InputNumber<number>
        aria-label={words.latitude}
        prefix={words.latitude}
        suffix="°"
        controls={false}
        inputMode="decimal"
        value={latitude ?? null}
        onChange={(typed) => change({ longitude, latitude: typed ?? undefined })}
      />
      <Button icon={<AimOutlined />} onClick={ask} loading={asking}>
        {words.mine}
      </Button>
      <Button icon={<EnvironmentOutlined />} onClick={() => setPicking(true)}>
        {text.map.pick.open}
      </Button>
      {picking && (
        <Suspense fallback={null}>
          <SpotPicker
            spot={whole}
            take={(spot) => {
              setPicking(false);
              take(spot);
            }}
            close={() => setPicking(false)}
          />
        </Suspense>
      )}
      {whole && (
        <Button onClick={() => setGrid(!grid)} aria-expanded={grid}>
          {words.shift}
        </Button>
      )}
      {!whole && (
        <Input
          className="spot-paste"
          aria-label={words.paste}
          placeholder={words.paste}
          value={pasted}
          onChange={(event) => {
            setPasted(event.target.value);
            const read = readSpot(event.target.value);
            if (read) {
              setPasted("");
              take(read);
            }
          }}
        />
      )}
      {whole && grid && <Grid spot={whole} take={take} />}
      {problem && (
        <p className="form-missing" role="alert">
          <span aria-hidden="true">!</span> {problem}
        </p>
      )}
    </div>
  );
}

/** A square around the place, north up: where it is tapped, the place goes. */
function Grid({ spot, take }: { spot: Spot; take: (spot: Spot) => void }) {
  const text = useText();
  const words = text.records.spot;
  const [half, setHalf] = useState<number>(100);
  const step = half / 10;
  const tap = (event: MouseEvent<HTMLButtonElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    if (event.detail === 0) return; // a key, which has no place
    const east = ((event.clientX - box.left) / box.width - 0.5) * 2 * half;
    const north = (0.5 - (event.clientY - box.top) / box.height) * 2 * half;
    take(shifted(spot, east, north));
  };
  return (
    <div className="spot-grid">
      <button
        type="button"
        className="spot-square"
        aria-label={words.gridHelp(step)}
        onClick={tap}
        onKeyDown={(event) => {
          const move = { ArrowUp: [0, 1], ArrowDown: [0, -1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] }[
            event.key
          ];
          if (!move) return;
          event.preventDefault();
          take(shifted(spot, (move[0] ?? 0) * step, (move[1] ?? 0) * step));
        }}
      >
        <svg viewBox="0 0 200 200" aria-hidden="true">
          <path d="M100 0v200M0 100h200M50 0v200M150 0v200M0 50h200M0 150h200" className="spot-lines" />
          <circle cx="100" cy="100" r="6" className="spot-here" />
          <text x="100" y="14" textAnchor="middle">
            {words.north}
          </text>
        </svg>
      </button>
      <div>
        <Select
          aria-label={words.scale}
          value={half}
          onChange={setHalf}
          options={SCALES.map((metres) => ({ value: metres, label: words.around(metres) }))}
        />
        <p className="faint">{words.gridHelp(step)}</p>
      </div>
    </div>
  );
}
