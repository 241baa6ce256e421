// When a gateway was not heard: from, to, why where that is known, and how much came late.

import { useQuery } from "@tanstack/react-query";
import { type AbsenceRow, absences } from "../api/field.ts";
import { useText } from "../locales/index.tsx";
import { count } from "../parts/figures.ts";
import { Failed, Loading } from "../parts/States.tsx";
import { fullTime, spanWords } from "../parts/time.ts";

export function Absences({ gateway }: { gateway: string }) {
  const text = useText();
  const list = useQuery(absences(gateway));
  if (list.isPending) return <Loading rows={2} />;
  if (list.isError) return <Failed error={list.error} retry={() => list.refetch()} />;
  if (list.data.items.length === 0) return <p className="faint">{text.absences.none}</p>;
  return (
    <ul className="plain">
      {list.data.items.map((row) => (
        <Absence key={row.began_at} row={row} />
      ))}
    </ul>
  );
}

function Absence({ row }: { row: AbsenceRow }) {
  const text = useText();
  const words = text.absences;
  const lasted = row.ended_at && new Date(row.ended_at).getTime() - new Date(row.began_at).getTime();
  const late = [
    row.late_events > 0 ? words.late(count(row.late_events)) : "",
    row.waiting_batches > 0 ? words.waiting(count(row.waiting_batches)) : "",
  ].filter(Boolean);
  return (
    <li>
      <span className="two-lines">
        <span className="number">
          {fullTime(row.began_at)} — {row.ended_at ? fullTime(row.ended_at) : words.now}
        </span>
        <span className={row.ended_at ? "faint" : "alarm-word"}>
          {words.reason[row.reason] ?? row.reason}
          {row.detail && ` · ${row.detail}`}
        </span>
      </span>
      <span className="two-lines output-now faint">
        {lasted ? <span>{words.lasted(spanWords(lasted, text))}</span> : null}
        {row.ended_at && <span>{late.length > 0 ? late.join(" · ") : words.nothingLate}</span>}
      </span>
    </li>
  );
}
