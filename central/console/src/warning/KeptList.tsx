// Cases that one's own agency acted on before their enterprise left its jurisdiction: to read, never to answer.

import { listOf } from "../api/list.ts";
import type { WarningRow } from "../api/types.ts";
import { type Catalogue, useText } from "../locales/index.tsx";
import { LevelBadge } from "../parts/Level.tsx";
import { ListPage } from "../parts/ListPage.tsx";
import type { RowLook } from "../parts/Rows.tsx";
import { When } from "../parts/When.tsx";
import { StateSign } from "./StateSign.tsx";

const query = listOf<WarningRow>("warnings/kept");

export function KeptList() {
  const text = useText();
  const words = text.keptWarnings;
  return (
    <ListPage
      name="kept-warnings"
      title={words.title}
      note={words.note}
      query={query}
      rows={look(text)}
      empty={words.none}
    />
  );
}

function look(text: Catalogue): RowLook<WarningRow> {
  const words = text.keptWarnings;
  return {
    rowKey: (row) => row.id,
    name: (row) => row.title,
    to: (row) => `/warnings/${row.id}`,
    columns: [
      {
        key: "level",
        title: words.level,
        width: "minmax(5rem, .4fr)",
        cell: (row) => <LevelBadge level={row.level} />,
        always: true,
      },
      {
        key: "title",
        title: words.warning,
        width: "minmax(14rem, 2fr)",
        cell: (row) => (
          <span className="two-lines">
            <strong>{row.title}</strong>
            <span className="faint">{row.enterprise_name}</span>
          </span>
        ),
        always: true,
      },
      { key: "region", title: words.region, width: "minmax(7rem, .6fr)", cell: (row) => row.region_name },
      {
        key: "raised",
        title: words.raised,
        width: "minmax(10rem, .8fr)",
        cell: (row) => <When at={row.raised_at} />,
      },
      {
        key: "state",
        title: words.state,
        width: "minmax(7rem, .6fr)",
        cell: (row) => <StateSign state={row.state} condition={row.condition} />,
        always: true,
      },
    ],
  };
}
