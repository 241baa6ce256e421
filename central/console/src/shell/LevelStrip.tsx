// Always at the bottom: how many warnings are open at each level, each count leading to its list.

import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { overview } from "../api/queries.ts";
import { LEVELS } from "../api/types.ts";
import { useText } from "../locales/index.tsx";
import { LevelCount } from "../parts/Level.tsx";

export function LevelStrip() {
  const text = useText();
  const open = useQuery(overview).data?.open_by_level;
  return (
    <nav className="strip" aria-label={text.nav.strip}>
      <span className="strip-name">{text.nav.openStrip}</span>
      {LEVELS.map((level) => (
        <Link key={level} className="strip-level" to={`/warnings?level=${level}`}>
          <LevelCount level={level} count={open?.[level] ?? 0} />
        </Link>
      ))}
    </nav>
  );
}
