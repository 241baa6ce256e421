// What belongs to the user: who one is, what one may do, the ways to one's own pages, the way out.

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { send } from "../api/client.ts";
import { session } from "../api/queries.ts";
import { useText } from "../locales/index.tsx";
import { Link } from "../parts/Link.tsx";
import { useMe } from "./me.tsx";

/** `leaveMenu` closes the menu that it stands in; without it (a page of its own) it names no further pages. */
export function MyMenu({ leaveMenu }: { leaveMenu?: () => void }) {
  const text = useText();
  const me = useMe();
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
      {leaveMenu && (
        <div className="mine-ways">
          <Link to="/me" onClick={leaveMenu}>
            {text.me.title}
          </Link>
          <Link to="/settings" onClick={leaveMenu}>
            {text.settings.title}
          </Link>
        </div>
      )}
      <Button block onClick={() => leave.mutate()} loading={leave.isPending}>
        {text.me.signOut}
      </Button>
    </div>
  );
}
