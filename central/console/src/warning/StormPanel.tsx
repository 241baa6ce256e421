// A storm above the list: what came lately and is open, by enterprise, the worst first; each leads to its own list.

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type StormOwner, storm } from "../api/storm.ts";
import { LEVELS } from "../api/types.ts";
import { useText } from "../locales/index.tsx";
import { LevelShape } from "../parts/Level.tsx";
import { Link } from "../parts/Link.tsx";
import { fullTime } from "../parts/time.ts";
import { usePhone } from "../parts/usePhone.ts";

/** So many enterprises are shown until somebody asks for all; on a phone the list stands close below. */
const SHOWN = 6;
const SHOWN_ON_PHONE = 3;

function Owner({ item }: { item: StormOwner }) {
  const text = useText();
  return (
    <li className="storm-owner">
      <span className="storm-name">
        {item.enterprise_id === null ? (
          <strong>{item.name}</strong>
        ) : (
          <Link to={`/warnings?enterprise=${item.enterprise_id}`}>
            <strong>{item.name}</strong>
          </Link>
        )}
      </span>
      <span className="storm-levels">
        {LEVELS.filter((level) => item[level] > 0).map((level) => (
          <span key={level} className={`level-word level-word-${level}`}>
            <LevelShape level={level} /> {text.level[level]} {item[level]}
          </span>
        ))}
      </span>
      <span className="storm-first">
        <span className="faint">{item.first_up ? text.storm.firstUp : text.storm.first}</span>{" "}
        <Link to={`/warnings/${item.first_id}`}>{item.first_title}</Link>{" "}
        <span className="faint number">{fullTime(item.first_at).slice(11)}</span>
      </span>
    </li>
  );
}

export function StormPanel() {
  const text = useText();
  const [all, setAll] = useState(false);
  const most = usePhone() ? SHOWN_ON_PHONE : SHOWN;
  const found = useQuery(storm).data;
  if (!found?.storm) return null;
  const shown = all ? found.items : found.items.slice(0, most);
  return (
    <section className="card storm" aria-label={text.storm.title}>
      <header className="card-head">
        <h2>{text.storm.title}</h2>
        <span className="faint">
          {text.storm.count(found.cases, found.owners, fullTime(found.since).slice(11, 16))}
        </span>
      </header>
      <ul className="plain storm-owners">
        {shown.map((item) => (
          <Owner key={`${item.enterprise_id}/${item.agency_id}`} item={item} />
        ))}
      </ul>
      {found.owners > most && (
        <button type="button" className="quiet-link" onClick={() => setAll(!all)}>
          {all ? text.storm.fewer : text.storm.more(Math.min(found.owners, found.items.length))}
        </button>
      )}
    </section>
  );
}
