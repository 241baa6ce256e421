// Every alarm of a point with its state; from here each is shelved, taken out of service, or brought back.

import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useState } from "react";
import { pointAlarms } from "../api/queries.ts";
import type { DescribedAlarm, PointRow } from "../api/types.ts";
import { useMay } from "../identity/me.tsx";
import { useText } from "../locales/index.tsx";
import { withUnit } from "../parts/figures.ts";
import { Failed, Loading } from "../parts/States.tsx";
import { Since, Until } from "../parts/When.tsx";
import { OrderForm } from "./OrderForm.tsx";
import type { Order } from "./useCommand.ts";

const OURS = new Set(["G", "I"]);

function orders(alarm: DescribedAlarm, mayCommand: boolean, mayCover: boolean): Order["command"][] {
  if (alarm.state === "G") return mayCommand ? ["unshelve"] : [];
  if (alarm.state === "I") return mayCommand ? ["in-service"] : [];
  return mayCover ? ["shelve", "out-of-service"] : [];
}

export function PointAlarms({ point }: { point: PointRow }) {
  const text = useText();
  const list = useQuery(pointAlarms(point.id));
  const mayCommand = useMay("command");
  const mayCover = useMay("cover");
  const [asked, setAsked] = useState<{ order: Order; subject: string } | null>(null);
  if (list.isPending) return <Loading rows={2} />;
  if (list.isError && !list.data) return <Failed error={list.error} retry={() => list.refetch()} />;
  if (list.data.length === 0) return <p className="quiet-line">{text.point.noLimits}</p>;
  const name = (alarm: DescribedAlarm) => text.limitState[alarm.limit.toLowerCase()] ?? alarm.limit;
  return (
    <>
      <ul className="plain alarm-list" aria-label={text.covered.alarms}>
        {list.data.map((alarm) => (
          <li key={alarm.id}>
            <span className="two-lines">
              <span>
                <strong>{name(alarm)}</strong>
                {alarm.value !== null && alarm.side !== "discrete" && (
                  <span className="number faint"> {withUnit(alarm.value, point.unit)}</span>
                )}
              </span>
              <State alarm={alarm} />
            </span>
            <span className="alarm-orders">
              {orders(alarm, mayCommand, mayCover).map((command) => (
                <Button
                  key={command}
                  onClick={() =>
                    setAsked({
                      order: { command, alarm: alarm.id },
                      subject: `${point.name} · ${name(alarm)}`,
                    })
                  }
                >
                  {text.covered.orders[command]?.name}
                </Button>
              ))}
            </span>
          </li>
        ))}
      </ul>
      {!mayCover && <p className="faint">{text.covered.notHere}</p>}
      {asked && (
        <OrderForm
          key={`${asked.order.command}${asked.order.alarm}`}
          gateway={point.gateway_id}
          order={asked.order}
          subject={asked.subject}
          close={() => setAsked(null)}
        />
      )}
    </>
  );
}

function State({ alarm }: { alarm: DescribedAlarm }) {
  const text = useText();
  const cover = text.coverState[alarm.state];
  if (!cover)
    return (
      <span className={alarm.state === "A" ? "faint" : "alarm-word"}>
        {alarm.state === "A" ? "" : "▲ "}
        {text.alarmState[alarm.state] ?? alarm.state}
        {alarm.since && (
          <>
            {" "}
            · <Since at={alarm.since} />
          </>
        )}
      </span>
    );
  return (
    <span>
      ⊘ {cover}
      {OURS.has(alarm.state) && alarm.by ? ` · ${alarm.by}` : ""}
      {alarm.reason ? ` · ${alarm.reason}` : ""}
      {alarm.until && (
        <>
          {" "}
          · {text.covered.ends} <Until at={alarm.until} />
        </>
      )}
      {(alarm.under === "B" || alarm.under === "C") && (
        <strong className="alarm-word"> ▲ {text.covered.holds}</strong>
      )}
    </span>
  );
}
