// Product and jurisdiction, mode, subsystems; what the pages are narrowed to; live state, messages, help, user.

import { DownOutlined, QuestionCircleOutlined } from "@ant-design/icons";
import { Popover, Tooltip } from "antd";
import { useState } from "react";
import { HelpDrawer } from "../help/HelpDrawer.tsx";
import { MyMenu } from "../identity/MyMenu.tsx";
import { useMe } from "../identity/me.tsx";
import { useNewestAt } from "../live/latest.ts";
import { useStreamState } from "../live/stream.ts";
import { useLanguage, useText } from "../locales/index.tsx";
import { useNow } from "../parts/clock.ts";
import { Link } from "../parts/Link.tsx";
import { ageWords } from "../parts/time.ts";
import { usePhone } from "../parts/usePhone.ts";
import { Bell } from "./Bell.tsx";
import { Subsystems } from "./Menu.tsx";
import { Modes } from "./Modes.tsx";
import { ViewFilter } from "./ViewFilter.tsx";

export function TopBar() {
  const text = useText();
  const me = useMe();
  const phone = usePhone();
  const [help, setHelp] = useState(false);
  const [mine, setMine] = useState(false);
  const place = me.enterprise_name ?? me.place_name;
  return (
    <header className="top">
      <Link to="/" className="top-brand" aria-label={`${text.brand} ${text.nav.home}`}>
        <img src="/beacon.svg" width={26} height={26} alt="" />
        <strong>{text.brand}</strong>
      </Link>
      <span className="top-place" title={place}>
        {place}
      </span>
      {phone ? (
        <span className="top-space" />
      ) : (
        <>
          <Modes />
          <Subsystems />
        </>
      )}
      <ViewFilter />
      <LiveDot />
      <Bell />
      <button type="button" className="top-tool" aria-label={text.help.open} onClick={() => setHelp(true)}>
        <QuestionCircleOutlined aria-hidden="true" />
      </button>
      {!phone && (
        <Popover
          trigger="click"
          placement="bottomRight"
          arrow={false}
          open={mine}
          onOpenChange={setMine}
          content={<MyMenu leaveMenu={() => setMine(false)} />}
        >
          <button type="button" className="top-user">
            <span className="top-user-name">{me.display_name}</span>
            <span className="top-user-role">{me.role_name}</span>
            <DownOutlined aria-hidden="true" />
          </button>
        </Popover>
      )}
      <HelpDrawer open={help} close={() => setHelp(false)} />
    </header>
  );
}

export function LanguageSwitch() {
  const { language, text, speak } = useLanguage();
  return (
    <button
      type="button"
      className="top-language"
      lang={language === "en" ? "zh-CN" : "en"}
      onClick={() => speak(language === "en" ? "zh-CN" : "en")}
    >
      {text.other}
    </button>
  );
}

function LiveDot() {
  const text = useText();
  const state = useStreamState();
  const newest = useNewestAt();
  const now = useNow();
  const age = newest ? text.live.newest(ageWords(newest, now, text)) : text.live.noneYet;
  return (
    <Tooltip title={text.live.explain[state]}>
      <span className={`live live-${state}`} role="status" aria-live="off">
        <i className="live-dot" aria-hidden="true" />
        <b>{text.live[state]}</b>
        <span className="live-age">{age}</span>
      </span>
    </Tooltip>
  );
}
