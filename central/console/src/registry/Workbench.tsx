// The enterprise's workbench: what it owes and by when, the most urgent first; its functions and numbers below.

import { useQuery } from "@tanstack/react-query";
import { type Owed, type Workbench as View, workbench } from "../api/dossier.ts";
import { useLanguage, useText } from "../locales/index.tsx";
import { LevelBadge } from "../parts/Level.tsx";
import { Link } from "../parts/Link.tsx";
import { Card, useTitle } from "../parts/Page.tsx";
import { Calm, Failed, Loading } from "../parts/States.tsx";
import { Age } from "../parts/When.tsx";
import { RiskBadge } from "./RiskBadge.tsx";
import { titleOf } from "./records/titles.ts";
import { StatusSign } from "./StatusSign.tsx";

const SHOWN_AT_HOME = 6;
/** What people open every day, if the catalogue has it. */
const DAILY = [
  "safety-promises",
  "enterprise-basics",
  "key-supervision",
  "risk-list",
  "major-danger-checks",
  "major-danger-treatment",
  "staff-members",
  "certificates",
  "accidents",
  "production-stops",
];

export function Workbench() {
  const text = useText();
  const words = text.workbench;
  const { language } = useLanguage();
  useTitle(words.title);
  const view = useQuery(workbench);
  if (view.isPending) return <Loading rows={8} />;
  if (view.isError && !view.data) return <Failed error={view.error} retry={() => view.refetch()} />;
  const page = view.data;
  const blocks = new Map(page.blocks.map((block) => [block.register, block]));
  const functions = DAILY.flatMap((name) => blocks.get(name) ?? []);
  const filled = page.blocks.filter((block) => block.total > 0).length;
  return (
    <div className="page">
      <section className="card head" aria-label={page.facts.name}>
        <div className="head-main">
          <h1 className="head-name">{page.facts.name}</h1>
          <div className="head-signs">
            <RiskBadge portrait={page.portrait} />
            <StatusSign facts={page.facts} />
          </div>
        </div>
        <div className="head-acts">
          <Link to={`/enterprises/${page.facts.id}`}>{words.dossier}</Link>
          <a href={`/codes/sheet?register=enterprise&ids=${page.facts.id}`} target="_blank" rel="noreferrer">
            {words.code}
          </a>
        </div>
      </section>
      <OwedList page={page} />
      <Card title={words.functions}>
        <div className="functions">
          {functions.map((block) => (
            <Link
              key={block.register}
              className="function"
              to={
                block.single && !block.total
                  ? `/registers/${block.register}/new`
                  : `/registers/${block.register}`
              }
            >
              <strong>{titleOf(block, language)}</strong>
              <span className="faint">
                {block.total ? text.dossier.records(block.total) : text.dossier.none}
              </span>
            </Link>
          ))}
        </div>
      </Card>
      <Card title={words.numbers}>
        <div className="figures">
          <Figure words={words.late} number={page.late} />
          <Figure words={words.soon} number={page.soon} />
          <Figure words={words.waiting} number={page.waiting} />
          <Figure words={words.filled} number={filled} of={page.blocks.length} />
        </div>
      </Card>
    </div>
  );
}

function Figure({ words, number, of }: { words: string; number: number; of?: number }) {
  return (
    <div className={number === 0 && of === undefined ? "figure figure-zero" : "figure"}>
      <span className="figure-number">
        {number}
        {of !== undefined && <small> / {of}</small>}
      </span>
      <span className="figure-words">{words}</span>
    </div>
  );
}

/** On the home page of somebody of an enterprise: the most urgent, and the way to the rest. */
export function OwedCard() {
  const text = useText();
  const view = useQuery(workbench);
  if (view.isPending)
    return (
      <Card title={text.workbench.owed}>
        <Loading rows={3} />
      </Card>
    );
  if (!view.data) return null;
  return <OwedList page={view.data} most={SHOWN_AT_HOME} />;
}

function OwedList({ page, most }: { page: View; most?: number }) {
  const text = useText();
  const words = text.workbench;
  // Open warnings have a card of their own on the home page.
  const owed = most ? page.owed.filter((each) => each.kind !== "warning") : page.owed;
  const shown = owed.slice(0, most ?? owed.length);
  return (
    <Card
      title={words.owed}
      extra={
        <span className="faint">
          {words.promise}：{words.promises[page.promise] ?? words.promises[""]}
        </span>
      }
    >
      {shown.length === 0 ? (
        <Calm title={words.nothing}>{words.nothingMore}</Calm>
      ) : (
        <ul className="owed">
          {shown.map((each) => (
            <OwedLine key={`${each.kind}.${each.link}.${each.title}.${each.due_on}`} owed={each} />
          ))}
        </ul>
      )}
      {owed.length > shown.length && (
        <Link className="card-more" to="/workbench">
          {words.all(owed.length)}
        </Link>
      )}
    </Card>
  );
}

function OwedLine({ owed }: { owed: Owed }) {
  const text = useText();
  const words = text.workbench;
  const urgent = owed.kind === "late" || owed.kind === "returned" || owed.kind === "promise";
  return (
    <li>
      <Link className="owed-line" to={owed.link}>
        <span className="owed-kind">
          {owed.level ? (
            <LevelBadge level={owed.level} />
          ) : (
            <span className={urgent ? "tag tag-watch" : "tag tag-plain"}>
              {words.kinds[owed.kind] ?? words.kinds.due}
            </span>
          )}
        </span>
        <span className="owed-words">
          <strong>{owed.title}</strong>
          {owed.words && <span className="faint">{owed.words}</span>}
        </span>
        <span className={owed.kind === "late" ? "owed-when due-late" : "owed-when faint"}>
          {owed.due_on ? words.by(owed.due_on) : owed.at && <Age at={owed.at} />}
        </span>
      </Link>
    </li>
  );
}
