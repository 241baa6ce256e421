// Product and jurisdiction, whether the stream is live and how old the newest value is, language, user.

import { DownOutlined } from "@ant-design/icons";
import { Popover, Tooltip } from "antd";
import { Link } from "react-router";
import { MyMenu } from "../identity/MyMenu.tsx";
import { useMe } from "../identity/me.tsx";
import { useNewestAt } from "../live/latest.ts";
import { useStreamState } from "../live/stream.ts";
import { useLanguage, useText } from "../locales/index.tsx";
import { useNow } from "../parts/clock.ts";
import { ageWords } from "../parts/time.ts";
import { usePhone } from "../parts/usePhone.ts";

export function TopBar() {
  const text = useText();
  const me = useMe();
  const phone = usePhone();
  return (
    <header className="top">
      <Link to="/" className="top-brand" aria-label={`${text.brand} ${text.nav.home}`}>
        <img src="/beacon.svg" width={26} height={26} alt="" />
        <strong>{text.brand}</strong>
      </Link>
      <span className="top-place" title={me.place_name}>
        {me.enterprise_name ?? me.place_name}
      </span>
      <span className="top-space" />
      <LiveDot />
      {!phone && <LanguageSwitch />}
      {!phone && (
        <Popover trigger="click" placement="bottomRight" content={<MyMenu />} arrow={false}>
          <button type="button" className="top-user">
            <span className="top-user-name">{me.display_name}</span>
            <span className="top-user-role">{me.role_name}</span>
            <DownOutlined aria-hidden="true" />
          </button>
        </Popover>
      )}
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
