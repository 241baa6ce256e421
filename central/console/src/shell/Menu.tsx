// The ways between pages, all drawn from one table: subsystems at the top, the subsystem's pages at the left,
// tabs at the bottom of a phone.

import {
  BellOutlined,
  CheckSquareOutlined,
  HomeOutlined,
  MenuFoldOutlined,
  MenuUnfoldOutlined,
  ScanOutlined,
  UserOutlined,
} from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { type ComponentType, useState } from "react";
import { useLocation } from "react-router";
import { overview } from "../api/queries.ts";
import { useMe } from "../identity/me.tsx";
import { useText } from "../locales/index.tsx";
import { Link, NavLink } from "../parts/Link.tsx";
import { Modes } from "./Modes.tsx";
import { entryOf, type MenuEntry, visible } from "./menu.ts";
import { SUBSYSTEMS } from "./subsystems.ts";

interface Way {
  to: string;
  words: string;
  icon: ComponentType;
  count?: number;
  end?: boolean;
}

function WayLink({ way, className }: { way: Way; className: string }) {
  const Icon = way.icon;
  return (
    <NavLink to={way.to} end={way.end} className={className} title={way.words}>
      <span className="way-icon" aria-hidden="true">
        <Icon />
        {way.count ? <b className="way-count">{way.count > 99 ? "99+" : way.count}</b> : null}
      </span>
      <span className="way-name">{way.words}</span>
    </NavLink>
  );
}

/** The subsystems that hold at least one page for this person. */
export function Subsystems() {
  const text = useText();
  const me = useMe();
  const here = entryOf(useLocation().pathname)?.subsystem;
  const mine = visible(me);
  return (
    <nav className="subsystems" aria-label={text.nav.subsystems}>
      {SUBSYSTEMS.map((subsystem) => {
        const first = mine.find((entry) => entry.subsystem === subsystem);
        if (!first) return null;
        return (
          <Link
            key={subsystem}
            to={first.to?.(me) ?? first.path}
            className="subsystem"
            aria-current={subsystem === here ? "true" : undefined}
          >
            {text.subsystems[subsystem]}
          </Link>
        );
      })}
    </nav>
  );
}

function useWays(entries: readonly MenuEntry[]): Way[] {
  const text = useText();
  const me = useMe();
  const counts = useQuery(overview).data;
  return entries.map((entry) => ({
    to: entry.to?.(me) ?? entry.path,
    words: entry.words(text),
    icon: entry.icon,
    count: counts && entry.count?.(counts),
    end: entry.path === "/",
  }));
}

const REMEMBERED = "fengsui.menu";

/** The pages of the subsystem that is open; nothing where there is only one. */
export function SideMenu() {
  const text = useText();
  const me = useMe();
  const here = entryOf(useLocation().pathname)?.subsystem;
  const ways = useWays(visible(me).filter((entry) => entry.subsystem === here));
  const [narrow, setNarrow] = useState(() => localStorage.getItem(REMEMBERED) === "narrow");
  const turn = () => {
    localStorage.setItem(REMEMBERED, narrow ? "wide" : "narrow");
    setNarrow(!narrow);
  };
  if (ways.length < 2) return null;
  return (
    <nav className={narrow ? "side side-narrow" : "side"} aria-label={text.nav.main}>
      {ways.map((way) => (
        <WayLink key={way.to} way={way} className="side-way" />
      ))}
      <button
        type="button"
        className="side-turn"
        onClick={turn}
        aria-label={narrow ? text.nav.expand : text.nav.collapse}
      >
        {narrow ? <MenuUnfoldOutlined /> : <MenuFoldOutlined />}
      </button>
    </nav>
  );
}

/** A phone's five: what needs an answer, what is owed, the camera, and everything else under one's own page. */
export function PhoneTabs() {
  const text = useText();
  const counts = useQuery(overview).data;
  const ways: Way[] = [
    { to: "/", words: text.nav.home, icon: HomeOutlined, end: true },
    { to: "/warnings", words: text.nav.warnings, icon: BellOutlined, count: counts?.needs_answer.count },
    { to: "/tasks", words: text.nav.tasks, icon: CheckSquareOutlined },
    { to: "/scan", words: text.nav.scan, icon: ScanOutlined },
    { to: "/me", words: text.nav.me, icon: UserOutlined },
  ];
  return (
    <nav className="tabs" aria-label={text.nav.main}>
      {ways.map((way) => (
        <WayLink key={way.to} way={way} className="tab" />
      ))}
    </nav>
  );
}

/** Every page by subsystem, for a phone: what has no tab of its own. */
export function AllPages() {
  const text = useText();
  const me = useMe();
  const mine = visible(me);
  return (
    <nav className="all-pages" aria-label={text.nav.allPages}>
      {SUBSYSTEMS.map((subsystem) => {
        const pages = mine.filter((entry) => entry.subsystem === subsystem && entry.path !== "/");
        if (pages.length === 0) return null;
        return (
          <section key={subsystem}>
            <h2>{text.subsystems[subsystem]}</h2>
            <ul>
              {pages.map((entry) => {
                const Icon = entry.icon;
                return (
                  <li key={entry.path}>
                    <Link to={entry.to?.(me) ?? entry.path}>
                      <Icon /> {entry.words(text)}
                    </Link>
                  </li>
                );
              })}
            </ul>
          </section>
        );
      })}
      <section>
        <h2>{text.modes.title}</h2>
        <Modes />
      </section>
    </nav>
  );
}
