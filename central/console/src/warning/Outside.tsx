// What the weather service and other systems told of this jurisdiction, and which warning it became.

import { listOf } from "../api/list.ts";
import type { ExternalWarning } from "../api/outside.ts";
import { useText } from "../locales/index.tsx";
import { LevelBadge } from "../parts/Level.tsx";
import { Link } from "../parts/Link.tsx";
import { ListPage } from "../parts/ListPage.tsx";
import { When } from "../parts/When.tsx";

const query = listOf<ExternalWarning>("external-warnings");

export function Outside() {
  const text = useText();
  const words = text.outside;
  return (
    <ListPage<ExternalWarning>
      name="external-warnings"
      title={words.title}
      note={words.note}
      query={query}
      fields={[
        {
          kind: "choice",
          name: "state",
          label: words.show,
          options: [
            { value: "", label: words.shows.open },
            { value: "ended", label: words.shows.ended },
            { value: "all", label: words.shows.all },
          ],
        },
        {
          kind: "choice",
          name: "kind",
          label: words.kind,
          options: [
            { value: "", label: words.anyKind },
            ...Object.entries(words.kinds).map(([value, label]) => ({ value, label })),
          ],
        },
      ]}
      rows={{
        rowKey: (row) => row.id,
        name: (row) => `${text.levelWarning[row.level]} ${row.owner_name} ${row.title}`,
        columns: [
          {
            key: "level",
            title: words.level,
            width: "6rem",
            always: true,
            cell: (row) => <LevelBadge level={row.level} />,
          },
          {
            key: "what",
            title: words.what,
            width: "minmax(14rem, 2fr)",
            always: true,
            cell: (row) => (
              <span className="two-lines">
                {row.warning_id ? (
                  <Link className="over" to={`/warnings/${row.warning_id}`} aria-label={words.open}>
                    {row.title}
                  </Link>
                ) : (
                  <strong>{row.title}</strong>
                )}
                <span className="faint">
                  {row.is_test && `［${words.test}］`}
                  {row.warning_id ? row.text : words.none}
                </span>
              </span>
            ),
          },
          {
            key: "source",
            title: words.source,
            width: "minmax(9rem, 1fr)",
            cell: (row) => (
              <span className="two-lines">
                <span>{row.source_name}</span>
                <span className="faint">{words.kinds[row.kind] ?? row.kind_name}</span>
              </span>
            ),
          },
          { key: "owner", title: words.owner, width: "minmax(10rem, 1.2fr)", cell: (row) => row.owner_name },
          { key: "at", title: words.at, width: "minmax(9rem, 1fr)", cell: (row) => <When at={row.at} /> },
          {
            key: "until",
            title: words.until,
            width: "minmax(9rem, 1fr)",
            cell: (row) =>
              row.ended_at ? (
                <span className="two-lines">
                  <span>{words.ended}</span>
                  <When at={row.ended_at} brief />
                </span>
              ) : row.expires_at ? (
                <When at={row.expires_at} />
              ) : (
                <span className="faint">{words.noEnd}</span>
              ),
          },
        ],
      }}
      empty={words.emptyAll}
      emptyAll={words.empty}
    />
  );
}
