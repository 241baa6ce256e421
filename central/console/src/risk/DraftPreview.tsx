// What a draft makes of today's inputs beside the model in force: levels above levels, and who changes most.

import { useQuery } from "@tanstack/react-query";
import { type RiskChanged, type RiskDraft, type RiskPreview, riskPreview } from "../api/risk.ts";
import { useText } from "../locales/index.tsx";
import { count, measured } from "../parts/figures.ts";
import { Card } from "../parts/Page.tsx";
import { Rows } from "../parts/Rows.tsx";
import { Failed, Loading } from "../parts/States.tsx";
import { RiskMark } from "../registry/RiskBadge.tsx";
import { LEVELS } from "./signs.tsx";

export function DraftPreview({ draft }: { draft: RiskDraft }) {
  const text = useText();
  const words = text.risk.models.preview;
  const found = useQuery(riskPreview(draft.id, draft.version));
  return (
    <Card title={words.title}>
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

function Told({ found }: { found: RiskPreview }) {
  const text = useText();
  const words = text.risk.models.preview;
  const moved = found.moved.reduce((sum, one) => sum + one.count, 0);
  if (found.compared === 0) return <p className="quiet-line">{words.none}</p>;
  return (
    <>
      <p aria-live="polite">
        {found.changed.length === 0 ? words.same(found.compared) : words.summary(found.compared, moved)}
        {found.cut && ` · ${words.cut}`} · {words.warned(found.warned_before, found.warned_after)}
      </p>
      {(["before", "after"] as const).map((which) => (
        <div key={which} className="risk-preview">
          <span className="faint">{which === "before" ? words.now : words.would}</span>
          {LEVELS.map((level) => (
            <span key={level} className="risk-count">
              <RiskMark level={level} />
              <strong>{count(found[which][level])}</strong>
            </span>
          ))}
        </div>
      ))}
      {found.changed.length > 0 && (
        <Rows<RiskChanged>
          label={words.changed}
          rows={found.changed.slice(0, 20)}
          rowKey={(row) => row.subject}
          name={(row) => row.name}
          to={(row) => (row.enterprise_id === null ? "/risk" : `/risk/enterprises/${row.enterprise_id}`)}
          columns={[
            {
              key: "name",
              title: words.changed,
              width: "minmax(12rem, 2fr)",
              cell: (row) => <strong>{row.name}</strong>,
            },
            {
              key: "before",
              title: words.now,
              width: "9rem",
              cell: (row) => (
                <>
                  {measured(row.before)} <RiskMark level={row.before_level} />
                </>
              ),
            },
            {
              key: "after",
              title: words.would,
              width: "9rem",
              cell: (row) => (
                <>
                  {measured(row.after)} <RiskMark level={row.after_level} />
                </>
              ),
            },
          ]}
        />
      )}
    </>
  );
}
