// One message: what, when, and the way to what it is about.

import type { InboxMessage } from "../api/settings.ts";
import { useText } from "../locales/index.tsx";
import { Link } from "../parts/Link.tsx";
import { Age } from "../parts/When.tsx";
import { useRead } from "./useRead.ts";

export function MessageLine({ row, opened }: { row: InboxMessage; opened?: () => void }) {
  const text = useText();
  const read = useRead();
  const look = () => {
    if (!row.read_at) read.one(row.id);
    opened?.();
  };
  const inside = (
    <>
      <span className="message-top">
        {!row.read_at && (
          <span className="message-new" role="img" aria-label={text.messages.unread}>
            ●
          </span>
        )}
        <span className="note">{text.messages.kinds[row.kind] ?? text.messages.kinds.other}</span>
        <Age at={row.at} />
      </span>
      <strong className="message-title">{row.title}</strong>
      {row.text && <span className="message-text">{row.text}</span>}
    </>
  );
  // Only a path of our own: a message never leads out of the console.
  return row.link.startsWith("/") && !row.link.startsWith("//") ? (
    <Link className="message" to={row.link} onClick={look}>
      {inside}
    </Link>
  ) : (
    <button type="button" className="message" onClick={look}>
      {inside}
    </button>
  );
}
