// The settings of one user, each kept the moment it is chosen.

import { Button, Segmented, Switch } from "antd";
import type { Density, Mode, Settings } from "../api/settings.ts";
import { useLanguage } from "../locales/index.tsx";
import { usePhone } from "../parts/usePhone.ts";
import { allowSound, beep, useSound, wantSound } from "../shell/sound.ts";
import { useSettings } from "./useSettings.ts";

export function SettingsForm() {
  const { text, language, speak } = useLanguage();
  const phone = usePhone();
  const sound = useSound();
  const { settings, change } = useSettings();
  const lists = Object.keys(settings.columns).length;
  return (
    <div className="settings">
      <div className="mine-row">
        <span>{text.me.language}</span>
        <Segmented
          aria-label={text.me.language}
          value={language}
          options={[
            { value: "zh-CN" as const, label: <span lang="zh-CN">中文</span> },
            { value: "en" as const, label: <span lang="en">English</span> },
          ]}
          onChange={(wanted) => {
            speak(wanted);
            change({ language: wanted });
          }}
        />
      </div>
      <div className="mine-row">
        <div>
          <div>{text.me.sound}</div>
          <div className="faint">{text.me.soundHelp}</div>
        </div>
        <span className="settings-sound">
          <Button
            size="small"
            onClick={async () => {
              await allowSound();
              beep();
            }}
          >
            {text.me.soundTest}
          </Button>
          <Switch
            checked={sound.wanted}
            onChange={(wanted) => {
              wantSound(wanted);
              change({ sound: wanted });
            }}
            aria-label={text.me.sound}
          />
        </span>
      </div>
      {!phone && (
        <>
          <div className="mine-row">
            <div>
              <div>{text.settings.mode}</div>
              <div className="faint">{text.settings.modeHelp}</div>
            </div>
            <Segmented<Mode>
              aria-label={text.settings.mode}
              value={settings.mode ?? "business"}
              options={(["leader", "monitor", "business"] as const).map((value) => ({
                value,
                label: text.modes[value],
              }))}
              onChange={(mode) => change({ mode })}
            />
          </div>
          <div className="mine-row">
            <span>{text.settings.density}</span>
            <Segmented<Density>
              aria-label={text.settings.density}
              value={settings.density ?? "comfortable"}
              options={(["comfortable", "compact"] as const).map((value) => ({
                value,
                label: text.settings.densities[value],
              }))}
              onChange={(density) => change({ density })}
            />
          </div>
          <div className="mine-row">
            <div>
              <div>{text.settings.columns}</div>
              <div className="faint">{text.settings.columnsHelp(lists)}</div>
            </div>
            <Button
              size="small"
              disabled={lists === 0}
              onClick={() => change({ columns: forgotten(settings) })}
            >
              {text.settings.columnsReset}
            </Button>
          </div>
        </>
      )}
    </div>
  );
}

function forgotten(settings: Settings): Record<string, null> {
  return Object.fromEntries(Object.keys(settings.columns).map((list) => [list, null]));
}
