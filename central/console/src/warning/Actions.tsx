// The one thing for this user to do in this state, and behind it the others; forms open in place.

import { Button, Tooltip } from "antd";
import { useEffect, useRef, useState } from "react";
import { useSearchParams } from "react-router";
import type { WarningAction, WarningDetail } from "../api/types.ts";
import { useMay } from "../identity/me.tsx";
import { useText } from "../locales/index.tsx";
import { now } from "../parts/clock.ts";
import { Changed } from "./Changed.tsx";
import { HandleForm } from "./HandleForm.tsx";
import { type ReasonAction, ReasonForm } from "./ReasonForm.tsx";
import { useAct } from "./useAct.ts";

const ORDER: WarningAction[] = [
  "confirm-false-alarm",
  "acknowledge",
  "handle",
  "close",
  "false-alarm",
  "end-suppression",
];

/** What this user can do, the one most in place first. */
function possibleActions(view: WarningDetail, mayUnsuppress: boolean): WarningAction[] {
  const can: WarningAction[] = [...view.actions];
  if (mayUnsuppress && view.suppressed_until && new Date(view.suppressed_until).getTime() > now())
    can.push("end-suppression");
  const ordered = ORDER.filter((action) => can.includes(action));
  // Somebody answers for it already: what is wanted now is the report, not a second acknowledgement.
  if (view.state === "acknowledged" && ordered.includes("handle"))
    return ["handle", ...ordered.filter((action) => action !== "handle")];
  return ordered;
}

export function Actions({ view }: { view: WarningDetail }) {
  const text = useText();
  const { act, busy, collision, look } = useAct(view);
  const [search, setSearch] = useSearchParams();
  const asked = search.get("do") as WarningAction | null;
  const possible = possibleActions(view, useMay("false-alarm"));
  // Ending a suppression is there when wanted, never pressed upon anybody.
  const primary = possible.find((action) => action !== "end-suppression");
  // Once somebody answers for it, the form to fill is there without a further tap.
  const resting = primary === "handle" && view.state === "acknowledged" ? "handle" : null;
  const [chosen, setChosen] = useState<WarningAction | null>(null);
  const open = chosen && possible.includes(chosen) ? chosen : resting;

  // The list's keys lead here: `h` opens the form, `a` brings the button under the finger; neither sends anything.
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!asked) return;
    if (asked === "handle") setChosen("handle");
    else button.current?.focus();
    setSearch({}, { replace: true });
  }, [asked, setSearch]);

  const send = (action: WarningAction, body: Record<string, unknown>) => act({ action, body });
  const press = (action: WarningAction) => (action === "acknowledge" ? send(action, {}) : setChosen(action));
  const others = possible.filter((action) => action !== open && action !== (open ? null : primary));

  return (
    <div className="actions">
      {!primary && !open && <NothingToDo view={view} />}
      {possible.length > 0 && (
        <>
          {open === "handle" ? (
            <HandleForm
              id={view.id}
              busy={busy}
              cancel={resting ? undefined : () => setChosen(null)}
              causeList={view.handling.cause_list}
              submit={(told) => send("handle", { ...told })}
            />
          ) : open ? (
            <ReasonForm
              key={open}
              action={open as ReasonAction}
              view={view}
              busy={busy}
              cancel={() => setChosen(null)}
              submit={(words) => send(open, open === "close" ? { opinion: words } : { reason: words })}
            />
          ) : (
            primary && (
              <div className="actions-primary">
                <Button
                  ref={button}
                  type="primary"
                  size="large"
                  loading={busy}
                  onClick={() => press(primary)}
                >
                  {text.warning.actions[primary]}
                </Button>
                <span className="actions-help">{text.warning.actionHelp[primary]}</span>
              </div>
            )
          )}
          {others.length > 0 && (
            <div className="actions-others">
              {others.map((action) => (
                <Tooltip key={action} title={text.warning.actionHelp[action]}>
                  <Button disabled={busy} onClick={() => press(action)}>
                    {text.warning.actions[action]}
                  </Button>
                </Tooltip>
              ))}
            </div>
          )}
        </>
      )}
      {collision && <Changed collision={collision} busy={busy} again={act} look={look} />}
    </div>
  );
}

function NothingToDo({ view }: { view: WarningDetail }) {
  const text = useText();
  const nothing = text.warning.nothing;
  const words =
    view.state === "acknowledged"
      ? nothing.acknowledged(view.acknowledged_by ?? nothing.somebody)
      : view.state === "handled" && view.condition === "active"
        ? nothing.stillActive
        : nothing[view.state];
  const waits = view.state === "open" || view.state === "acknowledged" || view.state === "handled";
  return (
    <p className="actions-none">
      {words}
      {waits && (
        <Tooltip title={text.warning.whyNoAction} trigger={["hover", "click"]}>
          <button type="button" className="why" aria-label={text.warning.whyNoAction}>
            ?
          </button>
        </Tooltip>
      )}
    </p>
  );
}
