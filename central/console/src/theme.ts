// How Ant Design looks here: quiet greys and a dark neutral teal; the four level colours stay free for levels.

import { type ThemeConfig, theme } from "antd";

export const FONT =
  '"PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", "Segoe UI", Roboto, sans-serif';

/** Ant Design's theme; on a phone every control is at least 44 px high. `still` is for who asked for less movement. */
export function themeFor(phone: boolean, still: boolean): ThemeConfig {
  return {
    algorithm: theme.defaultAlgorithm,
    cssVar: { key: "fengsui" },
    token: {
      colorPrimary: "#23565a",
      colorInfo: "#23565a",
      colorLink: "#23565a",
      // Not red, not orange, not green: form errors and notices are told by shape and words.
      colorError: "#6b3a5a",
      colorWarning: "#566168",
      colorSuccess: "#23565a",
      colorText: "#1c2629",
      colorTextSecondary: "#56636a",
      colorBorder: "#c9d1d4",
      colorBorderSecondary: "#e3e8ea",
      colorBgLayout: "#f3f5f5",
      borderRadius: 6,
      fontFamily: FONT,
      fontSize: phone ? 15 : 14,
      controlHeight: phone ? 44 : 34,
      controlHeightLG: phone ? 48 : 42,
      controlHeightSM: phone ? 44 : 28,
      motion: !still,
      motionDurationMid: "0.15s",
    },
    components: {
      Table: { headerBg: "#f7f9f9", headerColor: "#56636a", cellPaddingBlock: 11, rowHoverBg: "#f4f8f8" },
      Tooltip: { colorBgSpotlight: "#26363b" },
    },
  };
}
