// Which kinds of warnings the user's own lists show; calls are as before, and each list says what it leaves out.

import { Switch } from "antd";
import { useText } from "../locales/index.tsx";
import { Link } from "../parts/Link.tsx";
import { Card } from "../parts/Page.tsx";
import { useSettings } from "./useSettings.ts";

/** The kinds that a list asks for where the user named none: "" for all of them. */
export function kindsShown(kinds: Record<string, string>, hidden: readonly string[]): string {
  const known = Object.keys(kinds);
  const shown = known.filter((kind) => !hidden.includes(kind));
  return shown.length === known.length || shown.length === 0 ? "" : shown.join(",");
}

export function KindSwitches() {
  const text = useText();
  const words = text.kindSwitches;
  const { settings, change } = useSettings();
  const hidden = settings.hidden_kinds ?? [];
  return (
    <Card title={words.title}>
      <p className="faint">{words.note}</p>
      <div className="kind-switches">
        {Object.entries(text.levels.kinds).map(([kind, name]) => (
          <div key={kind} className="mine-row">
            <span>{name}</span>
            <Switch
              checked={!hidden.includes(kind)}
              checkedChildren={words.on}
              unCheckedChildren={words.off}
              aria-label={name}
              onChange={(shown) =>
                change({
                  hidden_kinds: shown ? hidden.filter((one) => one !== kind) : [...hidden, kind],
                })
              }
            />
          </div>
        ))}
      </div>
    </Card>
  );
}

/** Says in a list what it leaves out. */
export function HiddenKinds() {
  const text = useText();
  const { settings } = useSettings();
  const names = (settings.hidden_kinds ?? []).flatMap((kind) => text.levels.kinds[kind] ?? []);
  if (names.length === 0 || names.length === Object.keys(text.levels.kinds).length) return null;
  return (
    <span className="faint">
      {text.kindSwitches.hidden(names.join("、"))} <Link to="/settings">{text.kindSwitches.change}</Link>
    </span>
  );
}
