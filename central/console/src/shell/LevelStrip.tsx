// Always at the bottom: how many warnings are open at each level, each count leading to its list; while the pages
// are narrowed it also says how many lie beyond, for a strip that reads nought must not hide a red one.

import { useQuery } from "@tanstack/react-query";
import { overview, overviewWide } from "../api/queries.ts";
import { LEVELS, type Overview } from "../api/types.ts";
import { narrowTo, sameView, useView, WHOLE } from "../api/view.ts";
import { useText } from "../locales/index.tsx";
import { LevelCount } from "../parts/Level.tsx";
import { Link } from "../parts/Link.tsx";
import { timeOfDay } from "../parts/time.ts";

const total = (view: Overview) => LEVELS.reduce((sum, level) => sum + view.open_by_level[level], 0);

export function LevelStrip() {
  const text = useText();
  const narrowed = !sameView(useView(), WHOLE);
  const { data, isError } = useQuery(overview);
  const whole = useQuery({ ...overviewWide, enabled: narrowed }).data;
  const beyond = narrowed && data && whole ? total(whole) - total(data) : 0;
  return (
    <nav className="strip" aria-label={text.nav.strip}>
      <span className="strip-name">{narrowed ? text.view.strip : text.nav.openStrip}</span>
      {LEVELS.map((level) => (
        <Link key={level} className="strip-level" to={`/warnings?level=${level}`}>
          <LevelCount level={level} count={data?.open_by_level[level]} />
        </Link>
      ))}
      {beyond > 0 && (
        <button type="button" className="strip-beyond" onClick={() => narrowTo(WHOLE)}>
          {text.view.beyond(beyond)}
        </button>
      )}
      {isError && (
        <strong className="strip-stale" role="status">
          {data ? text.freshness.asOf(timeOfDay(data.at)) : text.freshness.unknown}
        </strong>
      )}
    </nav>
  );
}
