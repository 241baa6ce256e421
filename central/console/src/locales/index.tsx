// Which language is on screen, remembered per browser; `useText` gives its catalogue.

import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from "react";
import { en } from "./en/index.ts";
import { type Catalogue, zhCN } from "./zh-CN/index.ts";

export type Language = "zh-CN" | "en";
const REMEMBERED = "fengsui.language";
const catalogues: Record<Language, Catalogue> = { "zh-CN": zhCN, en };

interface Spoken {
  language: Language;
  text: Catalogue;
  speak: (language: Language) => void;
}

const Context = createContext<Spoken>({ language: "zh-CN", text: zhCN, speak: () => {} });

export function LanguageProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState<Language>(() =>
    localStorage.getItem(REMEMBERED) === "en" ? "en" : "zh-CN",
  );
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const spoken = useMemo(
    () => ({
      language,
      text: catalogues[language],
      speak: (wanted: Language) => {
        localStorage.setItem(REMEMBERED, wanted);
        setLanguage(wanted);
      },
    }),
    [language],
  );
  return <Context value={spoken}>{children}</Context>;
}

/** The catalogue of the language on screen. */
export function useText(): Catalogue {
  return useContext(Context).text;
}

export function useLanguage(): Spoken {
  return useContext(Context);
}

export type { Catalogue };
