// The index on an enterprise's dossier: score, level, the three largest parts, and the way to all of them.

import { useQuery } from "@tanstack/react-query";
import { Problem } from "../api/client.ts";
import { riskIndex } from "../api/risk.ts";
import { useLanguage, useText } from "../locales/index.tsx";
import { measured } from "../parts/figures.ts";
import { Link } from "../parts/Link.tsx";
import { Card } from "../parts/Page.tsx";
import { Failed, Loading } from "../parts/States.tsx";
import "../styles/risk.css";
import { Score } from "./signs.tsx";

const SHOWN = 3;

export function RiskCard({ id }: { id: number }) {
  const text = useText();
  const { language } = useLanguage();
  const words = text.risk;
  const found = useQuery({ ...riskIndex(`enterprises/${id}`), retry: false });
  const none = found.error instanceof Problem && found.error.status === 404;
  return (
    <Card
      title={words.card}
      extra={found.data && <Link to={`/risk/enterprises/${id}`}>{words.cardMore}</Link>}
    >
      {found.isPending ? (
        <Loading rows={2} />
      ) : none ? (
        <p className="quiet-line">{words.cardNone}</p>
      ) : found.isError && !found.data ? (
        <Failed error={found.error} retry={() => found.refetch()} />
      ) : (
        <>
          <Score row={found.data.row} />
          <ul className="risk-parts">
            {found.data.reasons
              .filter((reason) => reason.points > 0)
              .slice(0, SHOWN)
              .map((reason) => (
                <li key={reason.input + reason.floor}>
                  {reason.floor
                    ? words.floorOf(reason.floor)
                    : language === "en"
                      ? reason.name_en
                      : reason.name}{" "}
                  <strong>+{measured(reason.points)}</strong>
                  {reason.missing && <span className="faint"> {words.lost}</span>}
                </li>
              ))}
          </ul>
          {found.data.row.missing > 0 && <p className="faint">{words.missing(found.data.row.missing)}</p>}
        </>
      )}
    </Card>
  );
}
