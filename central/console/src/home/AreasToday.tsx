// Each township (or county) today: what came, what was answered and handled, what still waits.

import { useQuery } from "@tanstack/react-query";
import { mapAreas } from "../api/map.ts";
import { LEVELS } from "../api/types.ts";
import { useText } from "../locales/index.tsx";
import { LevelShape } from "../parts/Level.tsx";
import { Link } from "../parts/Link.tsx";
import { Failed, Loading } from "../parts/States.tsx";

export function AreasToday() {
  const text = useText();
  const words = text.monitoring.columns;
  const answer = useQuery(mapAreas(""));
  if (answer.isPending) return <Loading />;
  if (answer.isError && !answer.data) return <Failed error={answer.error} retry={() => answer.refetch()} />;
  const areas = answer.data.areas.filter((area) => area.kind === "region");
  if (areas.length === 0) return <p className="quiet-line">{text.enterprises.emptyAll}</p>;
  const sum = (name: "unanswered" | "raised_today" | "handled_today" | "offline") =>
    areas.reduce((all, area) => all + area[name], 0);
  const figure = (number: number) => <td className={number ? "" : "faint"}>{number}</td>;
  return (
    <table className="areas-today">
      <thead>
        <tr>
          <th scope="col">{words.area}</th>
          <th scope="col">{words.unanswered}</th>
          <th scope="col">{words.today}</th>
          <th scope="col">{words.handled}</th>
          <th scope="col">{words.offline}</th>
        </tr>
      </thead>
      <tbody>
        {areas.map((area) => {
          const worst = LEVELS.find((level) => area.open_by_level[level] > 0);
          return (
            <tr key={area.code}>
              <th scope="row">
                <Link to={`/map?tab=heat&within=${area.code}`}>
                  {worst && (
                    <span className={`level-word level-word-${worst}`} title={text.levelWarning[worst]}>
                      <LevelShape level={worst} size={10} />
                    </span>
                  )}
                  {area.name}
                </Link>
              </th>
              <td className={area.unanswered ? "areas-waiting" : "faint"}>{area.unanswered}</td>
              {figure(area.raised_today)}
              {figure(area.handled_today)}
              {figure(area.offline)}
            </tr>
          );
        })}
      </tbody>
      {areas.length > 1 && (
        <tfoot>
          <tr>
            <th scope="row">{words.total}</th>
            <td>{sum("unanswered")}</td>
            <td>{sum("raised_today")}</td>
            <td>{sum("handled_today")}</td>
            <td>{sum("offline")}</td>
          </tr>
        </tfoot>
      )}
    </table>
  );
}
