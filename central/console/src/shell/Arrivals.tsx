// New red warnings slide in with one tone and stay until they have been read; whatever the pages are narrowed to.

import { useInfiniteQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useEffect, useRef, useState } from "react";
import { useLocation } from "react-router";
import { getWide } from "../api/client.ts";
import { warnings } from "../api/queries.ts";
import type { LiveWarning } from "../api/types.ts";
import { onLive } from "../live/stream.ts";
import { useText } from "../locales/index.tsx";
import { LevelBadge } from "../parts/Level.tsx";
import { Link } from "../parts/Link.tsx";
import { usePhone } from "../parts/usePhone.ts";
import { Age } from "../parts/When.tsx";
import { allowSound, soundOnce, useSound } from "./sound.ts";

const READ = "fengsui.read";

function readIds(): string[] {
  try {
    return JSON.parse(localStorage.getItem(READ) ?? "[]");
  } catch {
    return [];
  }
}

/** Ids that were read in this browser, shared between its tabs. */
function useRead(): [Set<string>, (ids: string[]) => void] {
  const [read, setRead] = useState(() => new Set(readIds()));
  useEffect(() => {
    const changed = (event: StorageEvent) => {
      if (event.key === READ) setRead(new Set(readIds()));
    };
    window.addEventListener("storage", changed);
    return () => window.removeEventListener("storage", changed);
  }, []);
  const mark = (ids: string[]) => {
    const all = [...new Set([...readIds(), ...ids])].slice(-500);
    localStorage.setItem(READ, JSON.stringify(all));
    setRead(new Set(all));
  };
  return [read, mark];
}

export function Arrivals() {
  const text = useText();
  const location = useLocation();
  const sound = useSound();
  const phone = usePhone();
  const [read, markRead] = useRead();
  const open = useInfiniteQuery(warnings({ state: "unanswered", level: "red" }, 20, getWide));
  const rows = open.data?.pages.flatMap((page) => page.items) ?? [];
  const known = useRef<Set<string> | null>(null);
  const mark = useRef(markRead);
  mark.current = markRead;

  useEffect(
    () =>
      onLive("warning", (data) => {
        const warning = data as LiveWarning;
        if (warning.level === "red" && warning.state === "open" && !warning.is_test) soundOnce(warning.id);
      }),
    [],
  );

  // Also without a live event (the line was down): what the list newly shows is sounded; the first list is not.
  const ids = rows.map((row) => row.id).join(" ");
  useEffect(() => {
    if (!open.data) return;
    const now = new Set(ids ? ids.split(" ") : []);
    if (known.current) for (const id of now) if (!known.current.has(id)) soundOnce(id);
    known.current = now;
  }, [ids, open.data]);

  const here = /^\/warnings\/([^/]+)$/.exec(location.pathname)?.[1];
  useEffect(() => {
    if (here) mark.current([here]);
  }, [here]);

  const unread = rows.filter((row) => !read.has(row.id) && row.id !== here && !row.is_test);
  const [first] = unread;
  if (!first) return null;
  const more = unread.length - 1;
  return (
    <div className="arrivals" role="alert" aria-label={text.arrival.title}>
      <article className="arrival">
        <LevelBadge level={first.level} />
        <div className="arrival-text">
          <strong>{first.enterprise_name}</strong>
          <span>{first.title}</span>
          <Age at={first.raised_at} />
          {more > 0 && <Link to="/warnings?state=unanswered&level=red">{text.arrival.more(more)}</Link>}
        </div>
        <div className="arrival-do">
          <Link className="arrival-open" to={`/warnings/${first.id}`}>
            {text.arrival.open}
          </Link>
          <button
            type="button"
            className="arrival-seen"
            onClick={() => markRead(unread.map((row) => row.id))}
          >
            {more > 0 ? text.arrival.dismissAll : text.arrival.dismiss}
          </button>
        </div>
      </article>
      {sound.wanted && sound.blocked && !phone && (
        <div className="arrival-sound">
          {text.arrival.soundOff}
          <Button size="small" onClick={() => void allowSound()}>
            {text.arrival.soundOn}
          </Button>
        </div>
      )}
    </div>
  );
}
