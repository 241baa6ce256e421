// The three pictures of the same jurisdiction: leader, monitoring, business; each has its own address.

import { Segmented } from "antd";
import { useEffect } from "react";
import { useLocation, useNavigate } from "react-router";
import type { Mode } from "../api/settings.ts";
import { useText } from "../locales/index.tsx";
import { useSettings } from "../settings/useSettings.ts";

const ADDRESS: Record<Mode, string> = { leader: "/leader", monitor: "/monitor", business: "/" };
const OPENED = "fengsui.opened";

export function modeOf(pathname: string): Mode {
  return pathname === "/leader" ? "leader" : pathname === "/monitor" ? "monitor" : "business";
}

export function Modes() {
  const text = useText();
  const navigate = useNavigate();
  const { pathname } = useLocation();
  return (
    <Segmented<Mode>
      className="modes"
      aria-label={text.modes.title}
      value={modeOf(pathname)}
      options={(["leader", "monitor", "business"] as const).map((value) => ({
        value,
        label: text.modes[value],
      }))}
      onChange={(mode) => navigate(ADDRESS[mode])}
    />
  );
}

/** After signing in the console opens in the mode that the user set, once; an address of one's own goes first. */
export function OpeningMode() {
  const { settings } = useSettings();
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const { mode } = settings;
  useEffect(() => {
    if (!mode || sessionStorage.getItem(OPENED)) return;
    sessionStorage.setItem(OPENED, "1");
    if (pathname === "/" && mode !== "business") navigate(ADDRESS[mode], { replace: true });
  }, [mode, pathname, navigate]);
  return null;
}
