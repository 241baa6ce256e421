// The name of an instrument: what the plant calls it, or its unit number where nobody named it.

import type { Catalogue } from "../locales/index.tsx";

export function instrumentName(name: string, text: Catalogue): string {
  const unit = /^unit-(\d+)$/.exec(name)?.[1];
  if (unit) return text.devices.sourceUnit(unit);
  return name.endsWith(".button") ? text.devices.sourceButton : name;
}
