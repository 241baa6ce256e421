// Always at the bottom: how many warnings are open at each level, each count leading to its list.

import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { overview } from "../api/queries.ts";
import { LEVELS } from "../api/types.ts";
import { useText } from "../locales/index.tsx";
import { LevelCount } from "../parts/Level.tsx";
import { timeOfDay } from "../parts/time.ts";

export function LevelStrip() {
  const text = useText();
  const { data, isError } = useQuery(overview);
  return (
    <nav className="strip" aria-label={text.nav.strip}>
      <span className="strip-name">{text.nav.openStrip}</span>
      {LEVELS.map((level) => (
        <Link key={level} className="strip-level" to={`/warnings?level=${level}`}>
          <LevelCount level={level} count={data?.open_by_level[level]} />
        </Link>
      ))}
      {isError && (
        <strong className="strip-stale" role="status">
          {data ? text.freshness.asOf(timeOfDay(data.at)) : text.freshness.unknown}
        </strong>
      )}
    </nav>
  );
}
