// What a draft would have made of the cases of the last days: counts by level beside those in force, and each case.

import { useQuery } from "@tanstack/react-query";
import { Segmented } from "antd";
import { useState } from "react";
import { type LevelDraft, type LevelPreview, levelPreview } from "../api/levels.ts";
import type { Level } from "../api/types.ts";
import { useText } from "../locales/index.tsx";
import { LevelBadge, LevelCount } from "../parts/Level.tsx";
import { Card } from "../parts/Page.tsx";
import { Rows } from "../parts/Rows.tsx";
import { Failed, Loading } from "../parts/States.tsx";
import { When } from "../parts/When.tsx";
import "../styles/levels.css";

const LEVELS: readonly Level[] = ["red", "orange", "yellow", "blue"];
type Case = LevelPreview["cases"][number];

export function LevelPreviewCard({ draft }: { draft: LevelDraft }) {
  const text = useText();
  const words = text.levels.preview;
  const [days, setDays] = useState(30);
  const found = useQuery(levelPreview(draft.id, draft.version, days));
  return (
    <Card
      title={words.title}
      extra={
        <Segmented
          aria-label={words.period}
          value={days}
          onChange={setDays}
          options={[7, 30, 90, 365].map((value) => ({ value, label: words.days(value) }))}
        />
      }
    >
      {found.isPending ? (
        <Loading rows={3} />
      ) : found.isError ? (
        <Failed error={found.error} retry={() => found.refetch()} />
      ) : (
        <Told found={found.data} />
      )}
    </Card>
  );
}

function Told({ found }: { found: LevelPreview }) {
  const text = useText();
  const words = text.levels.preview;
  const changed = LEVELS.filter((level) => found.before[level] !== found.after[level]);
  return (
    <>
      <p aria-live="polite">
        {found.graded === 0
          ? words.none
          : found.changed === 0
            ? words.same
            : words.summary(found.graded, found.changed)}
        {found.cut && ` · ${words.cut}`}
        {found.alone > 0 && ` · ${words.alone(found.alone)}`}
      </p>
      {found.graded > 0 && (
        <div className="level-preview">
          {(["before", "after"] as const).map((side) => (
            <div key={side} className="level-preview-line">
              <span className="faint">{side === "before" ? words.now : words.would}</span>
              {LEVELS.map((level) => (
                <LevelCount key={level} level={level} count={found[side][level]} />
              ))}
            </div>
          ))}
        </div>
      )}
      {changed.length > 0 && (
        <p>
          <strong>
            {changed
              .map((level) => words.instead(text.level[level], found.after[level], found.before[level]))
              .join("；")}
          </strong>
        </p>
      )}
      {found.cases.length > 0 && (
        <>
          <h3 className="level-preview-cases">{words.cases}</h3>
          {found.changed > found.cases.length && <p className="faint">{words.shown(found.cases.length)}</p>}
          <Rows<Case>
            label={words.cases}
            rows={found.cases}
            rowKey={(row) => row.id}
            name={(row) => row.title}
            to={(row) => `/warnings/${row.id}`}
            columns={[
              {
                key: "levels",
                title: words.moved,
                width: "minmax(10rem, .7fr)",
                cell: (row) => (
                  <span>
                    <LevelBadge level={row.before} /> <span className="faint">{words.becomes}</span>{" "}
                    <LevelBadge level={row.after} />
                  </span>
                ),
              },
              {
                key: "title",
                title: text.warnings.what,
                width: "minmax(12rem, 1.4fr)",
                cell: (row) => (
                  <span className="two-lines">
                    <strong>{row.title}</strong>
                    <span className="faint">{row.enterprise_name}</span>
                  </span>
                ),
              },
              {
                key: "raised",
                title: text.warnings.raised,
                width: "minmax(9rem, .8fr)",
                cell: (row) => <When at={row.raised_at} />,
              },
              {
                key: "reason",
                title: text.warning.levelReason,
                width: "minmax(12rem, 1.6fr)",
                cell: (row) => row.reason,
              },
            ]}
          />
        </>
      )}
    </>
  );
}
