// The backups of the centre: how they stand, the list, and one now.

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { useEffect, useState } from "react";
import { type BackupRow, type BackupState, backupState, backups, startBackup } from "../api/backup.ts";
import { type Catalogue, useText } from "../locales/index.tsx";
import { ConfirmReason } from "../parts/ConfirmReason.tsx";
import { useNow } from "../parts/clock.ts";
import { Details } from "../parts/Details.tsx";
import { ListPage } from "../parts/ListPage.tsx";
import { Card } from "../parts/Page.tsx";
import type { RowLook } from "../parts/Rows.tsx";
import { fullTime, spanWords } from "../parts/time.ts";
import { Age, Until, When } from "../parts/When.tsx";
import { sizeWords } from "./size.ts";
import "../styles/backup.css";

export function Backups() {
  const text = useText();
  const words = text.backups;
  const client = useQueryClient();
  const standing = useQuery(backupState).data;
  const [asking, setAsking] = useState(false);
  const busy = standing?.running ?? false;
  const newest = standing?.last_good_at;

  // biome-ignore lint/correctness/useExhaustiveDependencies: one that began or ended changes the list
  useEffect(() => {
    client.invalidateQueries({
      predicate: ({ queryKey: [list, filter] }) => list === "backups" && typeof filter === "object",
    });
  }, [client, busy, newest]);

  return (
    <>
      <ListPage
        name="backups"
        title={words.title}
        note={words.note}
        query={backups}
        rows={look(text)}
        fields={[
          {
            kind: "choice",
            name: "state",
            label: words.state,
            options: [
              { value: "", label: words.every },
              { value: "good", label: words.states.good },
              { value: "failed", label: words.states.failed },
            ],
          },
        ]}
        actions={
          <Button type="primary" loading={busy} disabled={busy} onClick={() => setAsking(true)}>
            {busy ? words.running : words.start}
          </Button>
        }
        after={standing && <Standing standing={standing} />}
        empty={words.none}
        emptyAll={words.noneYet}
      />
      <ConfirmReason
        title={words.start}
        what={words.startWhat}
        open={asking}
        close={() => setAsking(false)}
        run={startBackup}
        done={() => client.invalidateQueries({ queryKey: ["backups"] })}
        submit={words.start}
        reason={false}
      />
    </>
  );
}

function Standing({ standing }: { standing: BackupState }) {
  const text = useText();
  const words = text.backups;
  const facts = words.facts;
  return (
    <Card title={words.standing}>
      {standing.attention && <p className="alarm-word">{standing.attention}</p>}
      <Details
        items={[
          [facts.target, <code key="target">{standing.target}</code>],
          [facts.free, standing.free_bytes === null ? facts.unreachable : sizeWords(standing.free_bytes)],
          [facts.last, <Age key="last" at={standing.last_good_at} />],
          [facts.next, standing.next_at ? <Until key="next" at={standing.next_at} /> : facts.never],
          [facts.proved, <Age key="proved" at={standing.last_checked_at} />],
          [facts.keep, standing.keep],
          [facts.secret, standing.encrypted ? words.encrypted : words.readable],
        ]}
      />
      {standing.same_disk && <p className="backup-caution">{words.sameDisk}</p>}
      {!standing.encrypted && <p className="backup-caution">{words.plain}</p>}
    </Card>
  );
}

function look(text: Catalogue): RowLook<BackupRow> {
  const words = text.backups;
  const state = (row: BackupRow) => (
    <span className="two-lines">
      <span className={row.state === "failed" ? "alarm-word" : ""}>{words.states[row.state]}</span>
      {row.error && <span className="faint">{row.error}</span>}
      {row.gone_at && (
        <span className="faint" title={fullTime(row.gone_at)}>
          {words.gone}
        </span>
      )}
    </span>
  );
  const trial = (row: BackupRow) =>
    row.check_good === null ? (
      <span className="faint">{row.state === "good" ? words.untried : ""}</span>
    ) : (
      <span className="two-lines">
        <span className={row.check_good ? "" : "alarm-word"}>{row.check_good ? words.tried : words.bad}</span>
        <span className="faint">{row.check_good ? <Age at={row.checked_at} /> : row.check_words}</span>
      </span>
    );
  return {
    rowKey: (row) => row.id,
    name: (row) => row.name || words.states[row.state],
    columns: [
      {
        key: "at",
        title: words.at,
        width: "minmax(13rem, 1fr)",
        cell: (row) => (
          <span className="two-lines">
            <When at={row.began_at ?? row.asked_at} />
            <Took row={row} />
          </span>
        ),
        always: true,
      },
      { key: "state", title: words.state, width: "minmax(9rem, 1.4fr)", cell: state, always: true },
      {
        key: "size",
        title: words.size,
        width: "minmax(9rem, .8fr)",
        cell: (row) =>
          row.bytes === null ? (
            ""
          ) : (
            <span className="two-lines">
              <span>{sizeWords(row.bytes)}</span>
              <span className="faint">{words.unpacked(sizeWords(row.raw_bytes ?? 0))}</span>
            </span>
          ),
      },
      { key: "trial", title: words.trial, width: "minmax(8rem, 1.2fr)", cell: trial },
      {
        key: "name",
        title: words.name,
        width: "minmax(14rem, 1.6fr)",
        cell: (row) =>
          row.name && (
            <span className="two-lines">
              <code className="backup-name">{row.name}</code>
              <span className="faint">{row.encrypted ? words.encrypted : words.readable}</span>
            </span>
          ),
      },
      { key: "by", title: words.by, width: "minmax(7rem, .6fr)", cell: (row) => row.asked_by },
    ],
  };
}

function Took({ row }: { row: BackupRow }) {
  const text = useText();
  const now = useNow();
  if (!row.began_at) return null;
  // What was found lying there does not know how long it took.
  if (row.ended_at === row.began_at) return null;
  const end = row.ended_at ? Date.parse(row.ended_at) : row.state === "running" ? now : null;
  if (end === null) return null;
  return (
    <span className="faint">
      {text.backups.took(spanWords(Math.max(end - Date.parse(row.began_at), 0), text))}
    </span>
  );
}
