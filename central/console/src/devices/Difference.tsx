// What one version of a configuration changes against another, line by line.

import { useQuery } from "@tanstack/react-query";
import { configurationDifference } from "../api/queries.ts";
import { useText } from "../locales/index.tsx";
import { Failed, Loading } from "../parts/States.tsx";

function kind(line: string): string {
  if (line.startsWith("@@")) return "difference-place";
  if (line.startsWith("+")) return "difference-new";
  if (line.startsWith("-")) return "difference-old";
  return "";
}

export function Difference({
  gateway,
  version,
  before,
}: {
  gateway: string;
  version: number;
  before: number;
}) {
  const text = useText();
  const found = useQuery(configurationDifference(gateway, version, before));
  if (found.isPending) return <Loading rows={3} />;
  if (found.isError) return <Failed error={found.error} retry={() => found.refetch()} />;
  // The first two lines name the two versions: the heading has said that.
  const lines = found.data.lines.slice(2);
  if (lines.length === 0) return <p className="faint">{text.configuration.same}</p>;
  return (
    <pre className="configuration-text">
      {lines.map((line, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines of a text that never changes
        <span key={place} className={kind(line)}>
          {line}
          {"\n"}
        </span>
      ))}
    </pre>
  );
}
