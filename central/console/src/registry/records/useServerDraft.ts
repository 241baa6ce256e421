// Keeps a form that nobody submitted yet as a draft on the centre too, so that it can be finished elsewhere.

import { useEffect, useRef } from "react";

/** Long enough that nobody's thinking makes a version of its own. */
const IDLE_MS = 45_000;

/** Calls `save` a while after the last change, and when the page is put away; `touch` is called on every change. */
export function useServerDraft(wanted: boolean, save: () => void): { touch: () => void; settle: () => void } {
  const wait = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const run = useRef(save);
  run.current = save;
  const allowed = useRef(wanted);
  allowed.current = wanted;

  useEffect(() => {
    const put = () => {
      if (document.visibilityState !== "hidden" || wait.current === undefined) return;
      clearTimeout(wait.current);
      wait.current = undefined;
      if (allowed.current) run.current();
    };
    document.addEventListener("visibilitychange", put);
    return () => {
      document.removeEventListener("visibilitychange", put);
      clearTimeout(wait.current);
    };
  }, []);

  return {
    touch: () => {
      clearTimeout(wait.current);
      wait.current = setTimeout(() => {
        wait.current = undefined;
        if (allowed.current) run.current();
      }, IDLE_MS);
    },
    settle: () => {
      clearTimeout(wait.current);
      wait.current = undefined;
    },
  };
}
