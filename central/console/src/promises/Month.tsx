// The promises of an enterprise in a month, a square a day.

import { LeftOutlined, RightOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useState } from "react";
import { type PromiseDay, promiseMonth } from "../api/promises.ts";
import { useText } from "../locales/index.tsx";
import { Link } from "../parts/Link.tsx";
import { Card } from "../parts/Page.tsx";
import { Failed, Loading } from "../parts/States.tsx";
import "./promises.css";

/** `2026-11` and so many months further. */
function further(month: string, by: number): string {
  const [year = 0, number = 1] = month.split("-").map(Number);
  const all = year * 12 + number - 1 + by;
  return `${Math.floor(all / 12)}-${String((all % 12) + 1).padStart(2, "0")}`;
}

export function Month({ enterprise }: { enterprise: number }) {
  const words = useText().promises;
  const [month, setMonth] = useState("");
  const found = useQuery(promiseMonth(enterprise, month));
  if (found.isPending) return <Loading rows={4} />;
  if (found.isError) return <Failed error={found.error} retry={() => found.refetch()} />;
  const { items, today } = found.data;
  const shown = month || today.slice(0, 7);
  const now = today.slice(0, 7);
  const first = new Date(`${shown}-01T00:00:00Z`).getUTCDay();
  return (
    <Card
      title={`${words.month} ${shown}`}
      extra={
        <>
          <Button
            icon={<LeftOutlined />}
            aria-label={words.before}
            title={words.before}
            onClick={() => setMonth(further(shown, -1))}
          />{" "}
          <Button
            icon={<RightOutlined />}
            aria-label={words.after}
            title={words.after}
            disabled={shown >= now}
            onClick={() => setMonth(further(shown, 1))}
          />
        </>
      }
    >
      <ol className="promise-month">
        {words.weekdays.map((name) => (
          <li key={name} className="faint">
            {name}
          </li>
        ))}
        {items.map((day, place) => (
          <li key={day.day} style={place === 0 ? { gridColumnStart: ((first + 6) % 7) + 1 } : undefined}>
            <Square day={day} />
          </li>
        ))}
      </ol>
    </Card>
  );
}

function Square({ day }: { day: PromiseDay }) {
  const words = useText().promises;
  const said = words.states[day.state];
  const given = day.state === "valid" || day.state === "submitted";
  const inside = (
    <>
      <b>{Number(day.day.slice(8))}</b>
      <span aria-hidden>{given ? "✓" : "–"}</span>
    </>
  );
  const look = `promise-square ${given ? "" : "promise-owing"}`;
  const label = `${day.day} ${said}`;
  return day.record_id === null ? (
    <span className={look} role="img" aria-label={label} title={label}>
      {inside}
    </span>
  ) : (
    <Link
      className={look}
      to={`/registers/safety-promises/${day.record_id}`}
      aria-label={label}
      title={label}
    >
      {inside}
    </Link>
  );
}
