// What lies around the enterprise of a warning: hazards and resources by distance, as the map knows them.

import { useQuery } from "@tanstack/react-query";
import { Segmented } from "antd";
import { useState } from "react";
import { useNavigate } from "react-router";
import { enterprise } from "../api/queries.ts";
import { useText } from "../locales/index.tsx";
import { Found, RADII } from "../map/NearPanel.tsx";
import { Card } from "../parts/Page.tsx";

export function Around({ enterpriseId }: { enterpriseId: number }) {
  const text = useText();
  const words = text.map.near;
  const navigate = useNavigate();
  const plant = useQuery(enterprise(String(enterpriseId)));
  const [radius, setRadius] = useState<number>(RADII[1]);
  const { longitude = null, latitude = null, name = "" } = plant.data ?? {};
  if (longitude === null || latitude === null) return null;
  const map = `/map?tab=near&longitude=${longitude}&latitude=${latitude}&radius=${radius}&name=${encodeURIComponent(name)}`;
  return (
    <Card title={text.handling.around}>
      <Segmented
        block
        aria-label={words.radius}
        value={radius}
        onChange={(value) => setRadius(Number(value))}
        options={RADII.map((value) => ({ value, label: words.radii[value] }))}
      />
      <div className="around">
        <Found spot={{ longitude, latitude }} radius={radius} show={() => navigate(map)} />
      </div>
    </Card>
  );
}
