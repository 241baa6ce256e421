// The fields that an entry changed, before and after side by side.

import { useText } from "../locales/index.tsx";
import { changesOf } from "./change.ts";

interface Props {
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
}

export function Changes({ before, after }: Props) {
  const text = useText().audit;
  const changes = changesOf(before, after);
  if (changes.length === 0) return <p className="faint">{text.noChange}</p>;
  return (
    <table className="audit-changes">
      <thead>
        <tr>
          <th scope="col">{text.field}</th>
          <th scope="col">{text.before}</th>
          <th scope="col">{text.after}</th>
        </tr>
      </thead>
      <tbody>
        {changes.map((change) => (
          <tr key={change.field}>
            <th scope="row">{text.fields[change.field] ?? change.field}</th>
            <td>{change.before || <span className="faint">–</span>}</td>
            <td>{change.after || <span className="faint">–</span>}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
