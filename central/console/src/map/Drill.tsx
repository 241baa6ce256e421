// Down from the district over parks and townships to the enterprises that warn, each with its reasons.

import { useQuery } from "@tanstack/react-query";
import { type AreaStanding, type EnterpriseStanding, mapAreas, mapStanding } from "../api/map.ts";
import { LEVELS } from "../api/types.ts";
import { useText } from "../locales/index.tsx";
import { LevelBadge, LevelShape } from "../parts/Level.tsx";
import { Link } from "../parts/Link.tsx";
import { Calm, Failed, Loading } from "../parts/States.tsx";
import { Since } from "../parts/When.tsx";
import { worstOf } from "./MapView.tsx";

interface Props {
  within: string;
  open: (code: string, area?: AreaStanding) => void;
  choose: (enterprise: EnterpriseStanding) => void;
  chosen: number | null;
}

export function Drill({ within, open, choose, chosen }: Props) {
  const text = useText();
  const words = text.map.heat;
  const ofPark = within.startsWith("agency-");
  const answer = useQuery(mapAreas(ofPark ? "" : within));
  const standing = useQuery(mapStanding(within));
  if (answer.isPending) return <Loading />;
  if (answer.isError && !answer.data) return <Failed error={answer.error} retry={() => answer.refetch()} />;
  const { way, areas } = answer.data;
  const park = ofPark ? areas.find((area) => area.code === within) : undefined;
  const deeper = ofPark ? [] : areas.filter((area) => area.code !== within || areas.length > 1);
  const steps: [string, string][] = park ? [...way, [park.code, park.name]] : way;
  return (
    <div className="map-drill">
      {steps.length > 0 && (
        <nav className="map-way" aria-label={words.area}>
          {steps.map(([code, name], place) =>
            place === steps.length - 1 ? (
              <strong key={code}>{name}</strong>
            ) : (
              <button key={code} type="button" onClick={() => open(place === 0 ? "" : code)}>
                {name} ›
              </button>
            ),
          )}
        </nav>
      )}
      {deeper.length > 1 && (
        <ul className="map-areas">
          {deeper.map((area) => (
            <li key={area.code}>
              <AreaLine area={area} open={() => open(area.code, area)} />
            </li>
          ))}
        </ul>
      )}
      <h3>{words.why}</h3>
      {standing.isPending ? (
        <Loading />
      ) : standing.isError && !standing.data ? (
        <Failed error={standing.error} retry={() => standing.refetch()} />
      ) : standing.data.items.length === 0 ? (
        <Calm title={words.calm} />
      ) : (
        <ol className="map-standing">
          {standing.data.items.map((one) => (
            <li key={one.id} aria-current={one.id === chosen}>
              <StandingOne one={one} choose={() => choose(one)} />
            </li>
          ))}
        </ol>
      )}
    </div>
  );
}

function AreaLine({ area, open }: { area: AreaStanding; open: () => void }) {
  const text = useText();
  const worst = worstOf(area);
  return (
    <button type="button" className={`map-area edge ${worst ? `edge-${worst}` : ""}`} onClick={open}>
      <strong>
        {area.name}
        {area.kind === "park" && <span className="faint"> {text.map.heat.park}</span>}
      </strong>
      <span className="map-area-levels">
        {LEVELS.filter((level) => area.open_by_level[level] > 0).map((level) => (
          <span key={level} className={`level-word level-word-${level}`}>
            <LevelShape level={level} size={10} /> {text.level[level]} {area.open_by_level[level]}
          </span>
        ))}
      </span>
      <span className="faint">{text.map.areaWords(area.enterprises, area.with_open)}</span>
    </button>
  );
}

function StandingOne({ one, choose }: { one: EnterpriseStanding; choose: () => void }) {
  const text = useText();
  return (
    <>
      <button type="button" className="map-standing-name" onClick={choose}>
        {one.level && <LevelBadge level={one.level} />}
        <strong>{one.name}</strong>
      </button>
      <span className="faint">
        {one.region_name}
        {one.hazard_class !== null && ` · ${text.map.hazardClass(one.hazard_class)}`}
        {one.offline && ` · ${text.map.heat.offline}`}
      </span>
      {one.reasons.length > 0 && (
        <ul>
          {one.reasons.map((why) => (
            <li key={why.id}>
              <Link to={`/warnings/${why.id}`}>{why.title}</Link>{" "}
              <span className="faint">
                <Since at={why.raised_at} />
              </span>
            </li>
          ))}
        </ul>
      )}
      <Link to={`/enterprises/${one.id}`} className="map-standing-page">
        {text.map.heat.more}
      </Link>
    </>
  );
}
