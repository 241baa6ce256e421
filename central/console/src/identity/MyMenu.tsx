// What belongs to the user: who one is, what one may do, sound, language, the way out.

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button, Switch } from "antd";
import { send } from "../api/client.ts";
import { session } from "../api/queries.ts";
import { useLanguage } from "../locales/index.tsx";
import { allowSound, beep, useSound, wantSound } from "../shell/sound.ts";
import { useMe } from "./me.tsx";

export function MyMenu() {
  const { text, language, speak } = useLanguage();
  const me = useMe();
  const sound = useSound();
  const client = useQueryClient();
  const leave = useMutation({
    mutationFn: () => send<void>("DELETE", "/api/v1/session"),
    onSettled: () => {
      client.setQueryData(session.queryKey, null);
      // The next page is the next account's, from a clean start.
      window.location.assign("/");
    },
  });
  const may = me.may.map((operation) => text.me.operations[operation]).filter(Boolean);
  return (
    <div className="mine">
      <div className="mine-who">
        <strong>{me.display_name}</strong>
        <span>{me.role_name}</span>
      </div>
      <dl className="facts-list">
        <dt>{text.me.place}</dt>
        <dd>{me.place_name}</dd>
        {(me.agency_name || me.enterprise_name) && (
          <>
            <dt>{text.me.unit}</dt>
            <dd>{me.enterprise_name ?? me.agency_name}</dd>
          </>
        )}
        <dt>{text.me.may}</dt>
        <dd>{may.length ? may.join(" · ") : text.me.mayNothing}</dd>
      </dl>
      <div className="mine-row">
        <div>
          <div>{text.me.sound}</div>
          <div className="faint">{text.me.soundHelp}</div>
        </div>
        <Switch checked={sound.wanted} onChange={wantSound} aria-label={text.me.sound} />
      </div>
      <div className="mine-row">
        <span>{text.me.soundTest}</span>
        <Button
          size="small"
          onClick={async () => {
            await allowSound();
            beep();
          }}
        >
          {text.me.soundTest}
        </Button>
      </div>
      <div className="mine-row">
        <span>{text.me.language}</span>
        <Button size="small" onClick={() => speak(language === "en" ? "zh-CN" : "en")}>
          {text.other}
        </Button>
      </div>
      <Button block onClick={() => leave.mutate()} loading={leave.isPending}>
        {text.me.signOut}
      </Button>
    </div>
  );
}
