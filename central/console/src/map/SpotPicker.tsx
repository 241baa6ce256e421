// A place chosen on the map: what stands there already is shown, a tap takes the place.

import { Modal } from "antd";
import { useMemo, useState } from "react";
import { useText } from "../locales/index.tsx";
import { usePhone } from "../parts/usePhone.ts";
import { MapView, type Spot } from "./MapView.tsx";

const LAYERS = ["enterprise"];
const MARK_M = 40;

export function SpotPicker({
  spot,
  take,
  close,
}: {
  spot: Spot | null;
  take: (spot: Spot) => void;
  close: () => void;
}) {
  const text = useText();
  const phone = usePhone();
  const [chosen, setChosen] = useState(spot);
  const circle = useMemo(() => (chosen ? { ...chosen, radius: MARK_M } : null), [chosen]);
  const rounded = (degrees: number) => Math.round(degrees * 1e6) / 1e6;
  return (
    <Modal
      open
      width={phone ? "100%" : 860}
      title={text.map.pick.title}
      okText={text.map.pick.take}
      okButtonProps={{ disabled: chosen === null }}
      onOk={() => chosen && take(chosen)}
      onCancel={close}
    >
      <p className="faint">
        {chosen
          ? text.map.near.place(chosen.longitude.toFixed(6), chosen.latitude.toFixed(6))
          : text.map.pick.note}
      </p>
      <div className="map-picker">
        <MapView
          layers={LAYERS}
          pointing
          point={(at) => setChosen({ longitude: rounded(at.longitude), latitude: rounded(at.latitude) })}
          focus={spot}
          circle={circle}
          label={text.map.pick.title}
        />
      </div>
    </Modal>
  );
}
