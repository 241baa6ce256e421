// Quieter settings for one alarm, what each would have come to, and the way into a draft of the configuration.

import { useQuery } from "@tanstack/react-query";
import { App, Button, Drawer } from "antd";
import { useState } from "react";
import { gatewayName, type LimitChange, type Suggestion, type Tuning, tuning } from "../api/quality.ts";
import { ConfigurationEditor } from "../devices/ConfigurationEditor.tsx";
import { useMay } from "../identity/me.tsx";
import { useText } from "../locales/index.tsx";
import { count, measured, withUnit } from "../parts/figures.ts";
import { Failed, Loading } from "../parts/States.tsx";
import { spanWords } from "../parts/time.ts";
import { usePhone } from "../parts/usePhone.ts";

interface Props {
  point: number;
  name: string;
  limit: string;
  close: () => void;
}

export function Tune({ point, name, limit, close }: Props) {
  const text = useText();
  const words = text.tuning;
  const phone = usePhone();
  const found = useQuery(tuning(point, limit));
  const [chosen, setChosen] = useState<Suggestion | null>(null);
  const word = text.limitState[limit.toLowerCase()] ?? limit;
  return (
    <Drawer
      open
      onClose={close}
      placement={phone ? "bottom" : "right"}
      size={phone ? "92%" : 720}
      title={words.title(name, word)}
    >
      {found.isPending ? (
        <Loading rows={5} />
      ) : found.isError ? (
        <Failed error={found.error} retry={() => found.refetch()} />
      ) : (
        <>
          <p>{words.found(found.data.raises)}</p>
          {found.data.items.length === 0 ? (
            <p className="quiet-line">{words.none}</p>
          ) : (
            <Table found={found.data} take={setChosen} />
          )}
          <p className="faint">{words.note}</p>
          <p className="faint">{words.source(found.data.source)}</p>
        </>
      )}
      {found.data && chosen && (
        <Draft
          gateway={found.data.gateway_id}
          change={{
            point_key: found.data.point_key,
            limit_name: limit,
            deadband: chosen.deadband,
            on_delay_s: chosen.on_delay_s,
            off_delay_s: chosen.off_delay_s,
          }}
          reason={words.reason(name, word, `${Math.round(chosen.reduction)}%`)}
          close={() => setChosen(null)}
        />
      )}
    </Drawer>
  );
}

function Table({ found, take }: { found: Tuning; take: (one: Suggestion) => void }) {
  const text = useText();
  const words = text.tuning;
  const may = useMay("device");
  const { message } = App.useApp();
  const now = found.current;
  const copy = async (one: Suggestion) => {
    await navigator.clipboard.writeText(lineOf(found.limit_name, one));
    message.success(words.copied);
  };
  return (
    <ul className="plain tune-list">
      <li className="tune-row tune-now">
        <strong>{words.current}</strong>
        <span>
          {words.deadband} {withUnit(now.deadband, found.unit)} · {words.onDelay}{" "}
          {words.seconds(now.on_delay_s)} · {words.offDelay} {words.seconds(now.off_delay_s)}
        </span>
        <span>
          {words.raises} {count(found.raises)}
        </span>
      </li>
      {found.items.map((one) => (
        <li key={`${one.deadband} ${one.on_delay_s} ${one.off_delay_s}`} className="tune-row">
          <strong>
            {words.reduction} {measured(one.reduction)}%
            {one.best && <span className="tune-best">{words.best}</span>}
          </strong>
          <span>
            <Changed was={now.deadband} is={one.deadband} words={words.deadband} unit={found.unit} /> ·{" "}
            <Changed was={now.on_delay_s} is={one.on_delay_s} words={words.onDelay} unit="s" /> ·{" "}
            <Changed was={now.off_delay_s} is={one.off_delay_s} words={words.offDelay} unit="s" />
          </span>
          <span>
            {words.raises} {count(one.raises)} · {words.lasted} {spanWords(one.lasted_s * 1_000, text)}
            {one.missed > 0 && ` · ${words.missed} ${count(one.missed)}`}
            {one.later_s > 0 && ` · ${words.later} ${words.seconds(one.later_s)}`}
          </span>
          <span className="tune-do">
            {may && (
              <Button size="small" type={one.best ? "primary" : "default"} onClick={() => take(one)}>
                {words.draft}
              </Button>
            )}
            <Button size="small" onClick={() => copy(one)}>
              {words.copy}
            </Button>
          </span>
        </li>
      ))}
    </ul>
  );
}

function Changed({ was, is, words, unit }: { was: number; is: number; words: string; unit: string }) {
  const said = `${words} ${withUnit(is, unit)}`;
  return was === is ? <span className="faint">{said}</span> : <strong>{said}</strong>;
}

function lineOf(limit: string, one: Pick<Suggestion, "deadband" | "on_delay_s" | "off_delay_s">): string {
  const values = `deadband = ${one.deadband}, on_delay_s = ${one.on_delay_s}, off_delay_s = ${one.off_delay_s}`;
  return `limits.${limit} = { ${values} }`;
}

/** The editor of the gateway's configuration, begun with one limit as it is to be. */
export function Draft({
  gateway,
  change,
  reason,
  close,
}: {
  gateway: string;
  change: LimitChange;
  reason: string;
  close: () => void;
}) {
  const row = useQuery(gatewayName(gateway)).data;
  return row ? <ConfigurationEditor gateway={row} close={close} amend={{ change, reason }} /> : null;
}
