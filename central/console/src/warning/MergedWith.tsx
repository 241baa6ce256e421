// With which warnings this one was merged: where it lives on, or what lives on in it.

import type { WarningDetail } from "../api/types.ts";
import { useText } from "../locales/index.tsx";
import { Link } from "../parts/Link.tsx";

export function MergedWith({ view }: { view: WarningDetail }) {
  const words = useText().merging;
  const { merged_into: into, members } = view.handling;
  if (!into && members.length === 0) return null;
  return (
    <p className="notice">
      {into ? words.into : words.members(members.length)}{" "}
      {(into ? [into] : members).map((one) => (
        <span key={one.id}>
          <Link to={`/warnings/${one.id}`}>
            {one.number} {one.title}
          </Link>{" "}
        </span>
      ))}
    </p>
  );
}
