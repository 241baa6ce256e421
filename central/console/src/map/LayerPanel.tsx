// The layers of the map with how much each holds, by group; every count leads to its list.

import { useQuery } from "@tanstack/react-query";
import { Checkbox } from "antd";
import { type MapLayer, mapLayers } from "../api/map.ts";
import { useLanguage, useText } from "../locales/index.tsx";
import { count } from "../parts/figures.ts";
import { Link } from "../parts/Link.tsx";
import { Calm, Failed, Loading } from "../parts/States.tsx";
import { iconPath } from "./signs.ts";

const LISTS: Record<string, string> = {
  enterprise: "/enterprises",
  hazard: "/enterprises",
  gateway: "/devices",
};

export function LayerPanel({
  chosen,
  choose,
}: {
  chosen: readonly string[];
  choose: (layers: string[]) => void;
}) {
  const text = useText();
  const { language } = useLanguage();
  const answer = useQuery(mapLayers);
  if (answer.isPending) return <Loading />;
  if (answer.isError && !answer.data) return <Failed error={answer.error} retry={() => answer.refetch()} />;
  const { layers, unplaced } = answer.data;
  if (layers.length === 0) return <Calm title={text.map.nothingPlaced} />;
  const groups = [...new Map(layers.map((layer) => [layer.group, layer.group_title]))];
  const turn = (layer: string, on: boolean) => {
    const rest = chosen.filter((one) => one !== layer);
    // With all enterprises shown those with a hazard are among them already.
    const other = layer === "hazard" ? "enterprise" : layer === "enterprise" ? "hazard" : null;
    choose(on ? [...rest.filter((one) => one !== other), layer] : rest);
  };
  const title = (layer: MapLayer) => (language === "en" ? layer.title_en : layer.title);
  return (
    <div className="map-layers">
      {groups.map(([group, name]) => (
        <fieldset key={group}>
          <legend>{language === "en" ? (text.map.groups[group] ?? name) : name}</legend>
          {layers
            .filter((layer) => layer.group === group)
            .map((layer) => (
              <div key={layer.layer} className="map-layer">
                <Checkbox
                  checked={chosen.includes(layer.layer)}
                  onChange={(event) => turn(layer.layer, event.target.checked)}
                >
                  <svg className="map-icon" width={14} height={14} viewBox="0 0 16 16" aria-hidden="true">
                    <path d={iconPath(layer.layer)} />
                  </svg>
                  {title(layer)}
                </Checkbox>
                <Link
                  to={LISTS[layer.layer] ?? `/registers/${layer.layer}`}
                  aria-label={`${title(layer)} ${text.map.openList}`}
                >
                  {count(layer.count)}
                </Link>
              </div>
            ))}
        </fieldset>
      ))}
      {unplaced > 0 && (
        <p className="faint">
          <Link to="/enterprises">{text.map.unplaced(unplaced)}</Link>
        </p>
      )}
      <p className="faint">{text.map.layersNote}</p>
    </div>
  );
}
