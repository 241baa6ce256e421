// Keeps the narrowed view and the address the same thing, so that a link shows what its sender saw.

import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useLocation, useNavigate, useNavigationType } from "react-router";
import { narrowTo, sameView, useView, viewOf, withView } from "../api/view.ts";

/** What belongs to the person and not to a place. */
const PERSONAL = new Set(["session", "settings", "messages", "view-choices"]);

export function ViewSync() {
  const view = useView();
  const shown = useRef(view);
  const client = useQueryClient();
  const location = useLocation();
  const type = useNavigationType();
  const navigate = useNavigate();

  useEffect(() => {
    if (sameView(shown.current, view)) return;
    shown.current = view;
    // Rows of another view must not stand under this one's chips, not even for a moment.
    client.resetQueries({ predicate: (query) => !PERSONAL.has(String(query.queryKey[0])) });
  }, [view, client]);

  const seen = useRef(location.key);
  useEffect(() => {
    const said = viewOf(location.search);
    const moved = seen.current !== location.key;
    seen.current = location.key;
    if (sameView(said, view)) return;
    // Back and forward show what was seen there; every other way takes the view along.
    if (moved && type === "POP") narrowTo(said);
    else
      navigate(
        { pathname: location.pathname, search: withView(location.search, view), hash: location.hash },
        { replace: true, state: location.state },
      );
  }, [location, type, view, navigate]);

  return null;
}
