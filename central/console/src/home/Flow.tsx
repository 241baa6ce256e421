// The six scenes of supervision in one line (监测、评估、预警、响应、处置、趋势): each figure opens its list.

import { useQuery } from "@tanstack/react-query";
import { overview } from "../api/queries.ts";
import { LEVELS } from "../api/types.ts";
import { week } from "../api/week.ts";
import { useText } from "../locales/index.tsx";
import { count } from "../parts/figures.ts";
import { Link } from "../parts/Link.tsx";

export function Flow() {
  const text = useText();
  const words = text.monitoring;
  const view = useQuery(overview).data;
  const days = useQuery(week).data?.days;
  const open = view ? LEVELS.reduce((sum, level) => sum + view.open_by_level[level], 0) : undefined;
  const raised = days?.reduce((sum, day) => sum + LEVELS.reduce((all, level) => all + day[level], 0), 0);
  const told = (number: number | undefined) => (number === undefined ? "–" : count(number));
  const scenes = [
    {
      key: "watch",
      to: "/devices",
      number: view ? `${count(view.points.good)} / ${count(view.points.total)}` : "–",
      more: words.watchWords,
    },
    {
      key: "judge",
      to: "/enterprises?state=warning",
      number: told(view?.enterprises.with_open),
      more: words.judgeWords,
    },
    {
      key: "warn",
      to: "/warnings?state=unanswered",
      number: told(view?.needs_answer.count),
      more: words.warnWords,
    },
    {
      key: "respond",
      to: "/warnings?state=answered",
      number: told(view && open !== undefined ? Math.max(0, open - view.needs_answer.count) : undefined),
      more: words.respondWords,
    },
    {
      key: "dispose",
      to: "/tasks",
      number: told(view ? view.due_today.verify + view.due_today.review : undefined),
      more: words.disposeWords,
    },
    { key: "trend", to: "/leader", number: told(raised), more: words.trendWords },
  ] as const;
  return (
    <nav className="flow" aria-label={words.flow}>
      {scenes.map(({ key, to, number, more }) => (
        <Link
          key={key}
          to={to}
          className={`flow-scene${key === "warn" && view?.needs_answer.count ? " flow-now" : ""}`}
        >
          <span className="flow-name">{words.scenes[key]}</span>
          <strong>{number}</strong>
          <span className="flow-more">{more}</span>
        </Link>
      ))}
    </nav>
  );
}
