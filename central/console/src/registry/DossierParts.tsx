// Parts of the dossier: the portrait with its tags, what is due, what changed, warnings, files, the log.

import { PaperClipOutlined } from "@ant-design/icons";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import type { Dossier, LifeEvent } from "../api/dossier.ts";
import { listOf } from "../api/list.ts";
import { registers } from "../api/records.ts";
import { useLanguage, useText } from "../locales/index.tsx";
import { useNow } from "../parts/clock.ts";
import { LevelBadge } from "../parts/Level.tsx";
import { Link } from "../parts/Link.tsx";
import { Card } from "../parts/Page.tsx";
import { More } from "../parts/Rows.tsx";
import { Failed, Loading } from "../parts/States.tsx";
import { fullTime } from "../parts/time.ts";
import { Age, When } from "../parts/When.tsx";
import { RiskMark } from "./RiskBadge.tsx";
import { titleOf } from "./records/titles.ts";

const DAY = 86_400_000;

export function PortraitCard({ page }: { page: Dossier }) {
  const text = useText();
  const words = text.dossier;
  const { portrait } = page;
  return (
    <Card title={words.portrait}>
      {portrait.tags.length === 0 ? (
        <p className="quiet-line">{words.noTags}</p>
      ) : (
        <ul className="tags">
          {portrait.tags.map((tag) => (
            <li key={tag.word} className={`tag tag-${tag.weight}`}>
              {tag.weight === "bad" && <span aria-hidden="true">! </span>}
              {tag.title}
              {tag.why && <small>{tag.why}</small>}
            </li>
          ))}
        </ul>
      )}
      {portrait.reasons.length > 0 && (
        <ul className="risk-reasons">
          {portrait.reasons.slice(0, 4).map((reason) => (
            <li key={reason.text}>
              <RiskMark level={reason.colour} /> {reason.text}
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

export function Due({ page }: { page: Dossier }) {
  const text = useText();
  const words = text.dossier;
  const today = fullTime(page.at).slice(0, 10);
  const known = new Set(useQuery(registers).data?.map((entry) => entry.name));
  return (
    <Card title={words.due}>
      {page.due.length === 0 ? (
        <p className="quiet-line">{words.noDue}</p>
      ) : (
        <ul className="due-list">
          {page.due.slice(0, 8).map((each) => {
            const late = each.due_on < today;
            const to = each.record_id
              ? `/registers/${each.register}/${each.record_id}`
              : known.has(each.register)
                ? `/registers/${each.register}?enterprise_id=${page.facts.id}`
                : "?tab=records"; // what is owed of several registers at once
            return (
              <li key={each.id}>
                <Link to={to}>
                  {each.register_title}
                  {each.title ? `：${each.title}` : ""}
                </Link>
                <span className={late ? "due-late" : "faint"}>
                  {late ? words.lateSince(each.due_on) : words.dueOn(each.due_on)}
                </span>
              </li>
            );
          })}
        </ul>
      )}
    </Card>
  );
}

/** What changed in 30 days: registers by their number of changes, and lines of the log. */
export function Changes({ page }: { page: Dossier }) {
  const text = useText();
  const { language } = useLanguage();
  const words = text.dossier;
  const now = useNow();
  const since = now - 30 * DAY;
  const events = page.life.filter((event) => Date.parse(event.at) > since && event.kind !== "registered");
  const blocks = page.blocks.filter((block) => block.changed > 0);
  if (events.length + blocks.length === 0) return null;
  return (
    <Card title={words.changes} extra={<Link to="?tab=log">{words.log}</Link>}>
      {events.slice(0, 4).map((event) => (
        <LogLine key={event.id} event={event} />
      ))}
      {blocks.length > 0 && (
        <ul className="tags">
          {blocks.map((block) => (
            <li key={block.register} className="tag tag-plain">
              {titleOf(block, language)}
              <small>{words.changed(block.changed)}</small>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

export function RecentWarnings({ page }: { page: Dossier }) {
  const text = useText();
  const words = text.dossier;
  const ended = page.warnings.filter((warning) => warning.ended_at !== null);
  return (
    <Card title={words.recentWarnings}>
      {ended.length === 0 ? (
        <p className="quiet-line">{words.noWarnings}</p>
      ) : (
        <ul className="due-list">
          {ended.map((warning) => (
            <li key={warning.id}>
              <span>
                <LevelBadge level={warning.level} />{" "}
                <Link to={`/warnings/${warning.id}`}>{warning.title}</Link>
              </span>
              <span className="faint">
                <Age at={warning.raised_at} /> · {words.ended}
              </span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

export function Files({ page }: { page: Dossier }) {
  const text = useText();
  const words = text.dossier;
  return (
    <Card
      title={words.files}
      extra={
        page.documents_total > page.documents.length ? (
          <span className="faint">{words.allFiles(page.documents_total)}</span>
        ) : undefined
      }
    >
      {page.documents.length === 0 ? (
        <p className="quiet-line">{words.noFiles}</p>
      ) : (
        <ul className="due-list">
          {page.documents.map((file) => (
            <li key={`${file.register}.${file.record_id}.${file.sha256}`}>
              <a
                href={`/api/v1/registers/${file.register}/${file.record_id}/files/${file.sha256}`}
                target="_blank"
                rel="noreferrer"
              >
                <PaperClipOutlined aria-hidden="true" /> {file.name}
              </a>
              <span className="faint">
                <Link to={`/registers/${file.register}/${file.record_id}`}>{file.register_title}</Link> ·{" "}
                <Age at={file.at} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

export function LogLine({ event }: { event: LifeEvent }) {
  const text = useText();
  const words = text.dossier;
  return (
    <div className="log-line">
      <strong>{event.title}</strong>
      <span className="faint">
        <When at={event.at} brief /> · {words.by(event.by_name || words.system)}
        {event.reason && ` · ${words.reason}：${event.reason}`}
      </span>
    </div>
  );
}

export function Log({ id }: { id: string }) {
  const text = useText();
  const words = text.dossier;
  const list = useInfiniteQuery(listOf<LifeEvent>(`enterprises/${id}/life`)({}));
  const rows = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Card title={words.log}>
      {list.isPending ? (
        <Loading />
      ) : list.isError && !list.data ? (
        <Failed error={list.error} retry={() => list.refetch()} />
      ) : rows.length === 0 ? (
        <p className="quiet-line">{words.noLog}</p>
      ) : (
        rows.map((event) => <LogLine key={event.id} event={event} />)
      )}
      <More
        more={list.hasNextPage}
        busy={list.isFetchingNextPage}
        load={() => list.fetchNextPage()}
        total={rows.length}
      />
    </Card>
  );
}
