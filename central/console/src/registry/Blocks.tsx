// The registers of an enterprise by group, each with its count, what waits in it, and its newest records.

import { useQuery } from "@tanstack/react-query";
import { Checkbox } from "antd";
import { useState } from "react";
import type { Block, Dossier } from "../api/dossier.ts";
import { registers } from "../api/records.ts";
import { useMay } from "../identity/me.tsx";
import { useLanguage, useText } from "../locales/index.tsx";
import { Link } from "../parts/Link.tsx";
import { Card } from "../parts/Page.tsx";
import { Age } from "../parts/When.tsx";
import { groupOf, titleOf } from "./records/titles.ts";

export function Blocks({ page, short = false }: { page: Dossier; short?: boolean }) {
  const text = useText();
  const words = text.dossier;
  const [only, setOnly] = useState(false);
  const filled = page.blocks.filter((block) => block.total > 0);
  const shown = short || only ? filled : page.blocks;
  const groups = [...new Map(shown.map((block) => [block.group, groupOf(block, text)]))];
  if (short && shown.length === 0) return null;
  return (
    <Card
      title={words.tabs.records}
      extra={
        short ? (
          <Link to="?tab=records">{words.filled(filled.length, page.blocks.length)}</Link>
        ) : (
          <Checkbox checked={only} onChange={(event) => setOnly(event.target.checked)}>
            {words.onlyFilled}（{words.filled(filled.length, page.blocks.length)}）
          </Checkbox>
        )
      }
    >
      {groups.map(([group, title]) => (
        <section key={group} className="block-group" aria-label={title}>
          <h3 className="block-group-title">{title}</h3>
          <div className="blocks">
            {shown
              .filter((block) => block.group === group)
              .map((block) => (
                <BlockTile key={block.register} block={block} enterprise={page.facts.id} />
              ))}
          </div>
        </section>
      ))}
    </Card>
  );
}

export function BlockTile({ block, enterprise }: { block: Block; enterprise: number }) {
  const text = useText();
  const words = text.dossier;
  const { language } = useLanguage();
  // Of the registers that are owed here, an account fills in those that are open to its kind.
  const entries = useQuery(registers).data;
  const may = useMay("register") && entries?.find((entry) => entry.name === block.register)?.may_write;
  const one = block.single ? block.latest[0] : undefined;
  const list = one
    ? `/registers/${block.register}/${one.id}`
    : `/registers/${block.register}?enterprise_id=${enterprise}`;
  return (
    <article className={block.total ? "block" : "block block-empty"}>
      <header className="block-head">
        {block.total ? (
          <Link to={list} className="block-title">
            {titleOf(block, language)}
          </Link>
        ) : (
          <span className="block-title">{titleOf(block, language)}</span>
        )}
        <span className="block-count">
          {block.total === 0 ? words.none : block.single ? words.view : words.records(block.total)}
        </span>
      </header>
      {block.returned + block.waiting + block.drafts > 0 && (
        <p className="block-waits">
          {block.returned > 0 && <span className="note">{words.returned(block.returned)}</span>}
          {block.waiting > 0 && <span className="note">{words.waiting(block.waiting)}</span>}
          {block.drafts > 0 && <span className="note">{words.drafts(block.drafts)}</span>}
        </p>
      )}
      {!block.single && block.latest.length > 0 && (
        <ul className="block-latest">
          {block.latest.map((record) => (
            <li key={record.id}>
              <Link to={`/registers/${block.register}/${record.id}`}>
                {record.title || titleOf(block, language)}
              </Link>
              <Age at={record.changed_at} />
            </li>
          ))}
        </ul>
      )}
      {block.total === 0 && may && (
        <Link className="block-add" to={`/registers/${block.register}/new?enterprise_id=${enterprise}`}>
          {words.add}
        </Link>
      )}
    </article>
  );
}
