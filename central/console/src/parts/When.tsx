// A moment with its age, and how long until or since a moment; the full time is always one hover away.

import { useText } from "../locales/index.tsx";
import { useNow } from "./clock.ts";
import { ageWords, briefTime, fullTime, spanWords } from "./time.ts";

/** `2026-11-22 14:02:31（3 分钟前）`; `brief` leaves out today's date. */
export function When({ at, brief = false }: { at: string | null; brief?: boolean }) {
  const text = useText();
  const now = useNow();
  if (!at) return <span className="faint">{text.age.never}</span>;
  return (
    <time className="when" dateTime={at} title={fullTime(at)}>
      {brief ? briefTime(at, now) : fullTime(at)}
      <span className="when-age">{text.age.beside(ageWords(at, now, text))}</span>
    </time>
  );
}

/** Only the age: `3 分钟前`. */
export function Age({ at }: { at: string | null }) {
  const text = useText();
  const now = useNow();
  if (!at) return <span className="faint">{text.age.never}</span>;
  return (
    <time className="age" dateTime={at} title={fullTime(at)}>
      {ageWords(at, now, text)}
    </time>
  );
}

/** How long since a moment, counting: `3 分 20 秒`. */
export function Since({ at }: { at: string }) {
  const text = useText();
  const now = useNow();
  const ms = now - new Date(at).getTime();
  return <>{spanWords(Math.floor(Math.max(0, ms) / 1_000) * 1_000 || 1_000, text)}</>;
}

/** How long until a moment, counting down; once it has passed, says so. */
export function Until({ at }: { at: string }) {
  const text = useText();
  const now = useNow();
  const ms = new Date(at).getTime() - now;
  if (ms < 1_500) return <>{text.age.due}</>;
  return (
    <time dateTime={at} title={fullTime(at)}>
      {ageWords(at, now, text)}
    </time>
  );
}
