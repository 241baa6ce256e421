// Codes for printing: A4, three columns by eight rows; only the sheets go to the paper.

import { PrinterOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useSearchParams } from "react-router";
import { type CodeRow, codeSheet } from "../api/codes.ts";
import { useText } from "../locales/index.tsx";
import { useTitle } from "../parts/Page.tsx";
import { Calm, Failed, Loading } from "../parts/States.tsx";

const A_PAGE = 24;

export function CodeSheet() {
  const text = useText();
  const words = text.subjectCodes.sheet;
  const [search] = useSearchParams();
  const asked = (name: string) => search.get(name) ?? "";
  const found = useQuery(codeSheet(asked("register") || "enterprise", asked("q"), asked("ids")));
  useTitle(words.title);
  if (found.isPending) return <Loading rows={8} />;
  if (found.isError) return <Failed error={found.error} retry={() => found.refetch()} />;
  const rows = found.data.items;
  if (rows.length === 0) return <Calm title={words.none} />;
  const pages = Array.from({ length: Math.ceil(rows.length / A_PAGE) }, (_, page) =>
    rows.slice(page * A_PAGE, (page + 1) * A_PAGE),
  );
  return (
    <div className="sheets">
      <header className="paper-tools">
        <h1 className="page-title">{words.title}</h1>
        <span>{words.count(rows.length, pages.length)}</span>
        <span className="faint">{words.how}</span>
        {found.data.next && <strong>{words.more}</strong>}
        <Button type="primary" icon={<PrinterOutlined />} onClick={() => window.print()}>
          {text.subjectCodes.print}
        </Button>
      </header>
      {pages.map((page) => (
        <section key={page[0]?.token} className="sheet">
          {page.map((row) => (
            <Label key={row.token} row={row} scan={words.scan} />
          ))}
        </section>
      ))}
    </div>
  );
}

function Label({ row, scan }: { row: CodeRow; scan: string }) {
  return (
    <figure className="code-label">
      <img src={row.picture} alt={row.url} />
      <figcaption>
        <strong>{row.title}</strong>
        <span>{row.place_name}</span>
        <span>{scan}</span>
      </figcaption>
    </figure>
  );
}
