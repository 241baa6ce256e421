// Brings what the user set on another device to this one: language, sound, density.

import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { settings } from "../api/settings.ts";
import { useLanguage } from "../locales/index.tsx";
import { soundWanted, wantSound } from "../shell/sound.ts";
import { setDensity } from "./density.ts";

export function SettingsSync() {
  const { data } = useQuery(settings);
  const { language, speak } = useLanguage();
  const spoken = useRef(language);
  spoken.current = language;
  const tongue = data?.language;
  useEffect(() => {
    if (tongue && tongue !== spoken.current) speak(tongue);
  }, [tongue, speak]);
  const sound = data?.sound;
  useEffect(() => {
    if (typeof sound === "boolean" && sound !== soundWanted()) wantSound(sound);
  }, [sound]);
  const density = data?.density;
  useEffect(() => setDensity(density ?? "comfortable"), [density]);
  return null;
}
