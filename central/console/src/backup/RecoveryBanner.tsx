// Above every page of a centre that came back from a backup: what may be lost, and what is to be confirmed.

import { useQuery } from "@tanstack/react-query";
import { recoveryNotice } from "../api/backup.ts";
import { useText } from "../locales/index.tsx";
import { Link } from "../parts/Link.tsx";
import { fullTime } from "../parts/time.ts";
import "../styles/backup.css";

export function RecoveryBanner() {
  const text = useText();
  const notice = useQuery(recoveryNotice).data;
  if (!notice?.recovering) return null;
  const words = text.restored;
  return (
    <section className="recovery-banner" aria-label={words.title}>
      <strong>{words.title}</strong>
      {notice.began_at && <span>{words.since(fullTime(notice.began_at))}</span>}
      <span>{words.what}</span>
      {notice.held !== null && (
        <span>
          {notice.begun_by} · {words.held(notice.held, notice.unconfirmed ?? 0)} · {words.how}
        </span>
      )}
      {notice.attention && <Link to="/backups">{words.attention}</Link>}
    </section>
  );
}
