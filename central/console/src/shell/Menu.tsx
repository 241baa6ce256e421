// The ways between pages: a menu at the left, or tabs at the bottom of a phone.

import {
  ApiOutlined,
  BankOutlined,
  BellOutlined,
  HomeOutlined,
  MenuFoldOutlined,
  MenuUnfoldOutlined,
  StopOutlined,
  UserOutlined,
} from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { NavLink } from "react-router";
import { overview } from "../api/queries.ts";
import { useMe } from "../identity/me.tsx";
import { type Catalogue, useText } from "../locales/index.tsx";

interface Way {
  to: string;
  name: keyof Catalogue["nav"];
  icon: ReactNode;
  count?: number;
}

function useWays(): Way[] {
  const me = useMe();
  const open = useQuery(overview).data?.needs_answer.count ?? 0;
  return [
    { to: "/", name: "home", icon: <HomeOutlined /> },
    { to: "/warnings", name: "warnings", icon: <BellOutlined />, count: open },
    {
      to: me.enterprise_id ? `/enterprises/${me.enterprise_id}` : "/enterprises",
      name: "enterprises",
      icon: <BankOutlined />,
    },
    { to: "/devices", name: "devices", icon: <ApiOutlined /> },
  ];
}

function WayLink({ way, className }: { way: Way; className: string }) {
  const text = useText();
  return (
    <NavLink to={way.to} end={way.to === "/"} className={className} title={text.nav[way.name]}>
      <span className="way-icon" aria-hidden="true">
        {way.icon}
        {way.count ? <b className="way-count">{way.count > 99 ? "99+" : way.count}</b> : null}
      </span>
      <span className="way-name">{text.nav[way.name]}</span>
    </NavLink>
  );
}

const REMEMBERED = "fengsui.menu";

export function SideMenu() {
  const text = useText();
  const ways = [...useWays(), { to: "/covered", name: "covered" as const, icon: <StopOutlined /> }];
  const [narrow, setNarrow] = useState(() => localStorage.getItem(REMEMBERED) === "narrow");
  const turn = () => {
    localStorage.setItem(REMEMBERED, narrow ? "wide" : "narrow");
    setNarrow(!narrow);
  };
  return (
    <nav className={narrow ? "side side-narrow" : "side"} aria-label={text.nav.main}>
      {ways.map((way) => (
        <WayLink key={way.name} way={way} className="side-way" />
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

export function PhoneTabs() {
  const text = useText();
  const ways = [...useWays(), { to: "/me", name: "me" as const, icon: <UserOutlined /> }];
  return (
    <nav className="tabs" aria-label={text.nav.main}>
      {ways.map((way) => (
        <WayLink key={way.name} way={way} className="tab" />
      ))}
    </nav>
  );
}
