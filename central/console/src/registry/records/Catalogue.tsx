// All registers: what waits for oneself first, then the groups; found by name or by pinyin initials.

import { useQuery } from "@tanstack/react-query";
import { Checkbox, Input } from "antd";
import { useNavigate, useSearchParams } from "react-router";
import { type RegisterCount, type RegisterEntry, registerCounts, registers } from "../../api/records.ts";
import { useLanguage, useText } from "../../locales/index.tsx";
import { Link } from "../../parts/Link.tsx";
import { Card, PageHead } from "../../parts/Page.tsx";
import { Calm, Failed, Loading } from "../../parts/States.tsx";
import { usePhone } from "../../parts/usePhone.ts";
import { isFound } from "./initials.ts";
import { groupOf, titleOf } from "./titles.ts";
import { figureWords } from "./words.ts";

export function Catalogue() {
  const text = useText();
  const words = text.records;
  const { language } = useLanguage();
  const navigate = useNavigate();
  const list = useQuery(registers);
  const counts = useQuery(registerCounts);
  // On a phone the keyboard would stand over the list.
  const phone = usePhone();
  const [search, setSearch] = useSearchParams();
  const wanted = search.get("q") ?? "";
  const mine = search.get("mine") === "1";
  const set = (name: string, value: string) => {
    const next = new URLSearchParams(search);
    if (value) next.set(name, value);
    else next.delete(name);
    setSearch(next, { replace: true });
  };
  if (list.isError) return <Failed error={list.error} retry={() => list.refetch()} />;
  if (!list.data) return <Loading rows={8} />;
  const byName = new Map((counts.data ?? []).map((count) => [count.name, count]));
  const found = list.data.filter(
    (entry) => isFound(entry.title, entry.title_en, wanted) && (!mine || entry.may_write),
  );
  const groups = [...new Set(found.map((entry) => entry.group))];
  return (
    <div className="page">
      <PageHead
        title={words.title}
        filters={
          <>
            <Input.Search
              className="filter-search"
              allowClear
              autoFocus={!phone}
              maxLength={50}
              aria-label={words.findRegister}
              placeholder={words.findRegister}
              value={wanted}
              onChange={(event) => set("q", event.target.value)}
              onSearch={() => {
                const [first] = found;
                if (wanted.trim() && first) navigate(`/registers/${first.name}`);
              }}
            />
            <Checkbox checked={mine} onChange={(event) => set("mine", event.target.checked ? "1" : "")}>
              {words.onlyWritten}
            </Checkbox>
          </>
        }
      />
      {counts.data && !wanted && <Waiting counts={counts.data} />}
      {found.length === 0 && <Calm title={words.noSuchRegister} />}
      <div className="register-groups">
        {groups.map((group) => {
          const entries = found.filter((entry) => entry.group === group);
          const [first] = entries;
          return (
            first && (
              <Card key={group} title={groupOf(first, text)} className="register-group">
                <ul>
                  {entries.map((entry) => (
                    <li key={entry.name}>
                      <Link to={`/registers/${entry.name}`} className="register-line">
                        <span>{titleOf(entry, language)}</span>
                        <Count entry={entry} count={byName.get(entry.name)} />
                      </Link>
                    </li>
                  ))}
                </ul>
              </Card>
            )
          );
        })}
      </div>
    </div>
  );
}

function Count({ entry, count }: { entry: RegisterEntry; count: RegisterCount | undefined }) {
  const text = useText();
  const words = text.records;
  if (!count) return null;
  return (
    <span className="register-count">
      {count.to_review > 0 && <span className="note note-strong">{words.toReview(count.to_review)}</span>}
      {count.returned > 0 && <span className="note note-strong">{words.returnedCount(count.returned)}</span>}
      {count.drafts > 0 && entry.may_write && <span className="note">{words.draftCount(count.drafts)}</span>}
      <span className={count.records ? "number" : "number faint"}>{figureWords(count.records)}</span>
    </span>
  );
}

/** Three figures that are a way on: what to review, what came back, what was begun. */
function Waiting({ counts }: { counts: readonly RegisterCount[] }) {
  const text = useText();
  const words = text.records.inbox;
  const sum = (of: (count: RegisterCount) => number) => counts.reduce((all, count) => all + of(count), 0);
  const parts = [
    { state: "submitted", words: words.toReview, count: sum((count) => count.to_review) },
    { state: "returned", words: words.returned, count: sum((count) => count.returned) },
    { state: "draft", words: words.drafts, count: sum((count) => count.drafts) },
  ].filter((part) => part.count > 0);
  if (!parts.length) return <p className="faint waiting-none">{words.nothing}</p>;
  return (
    <nav className="waiting" aria-label={words.title}>
      {parts.map((part) => (
        <Link key={part.state} to={`/records-waiting?state=${part.state}`} className="waiting-one">
          <strong className="number">{part.count}</strong> {part.words}
        </Link>
      ))}
    </nav>
  );
}
