// Level tables of the regions that concern one: what is in force, its rules, and the drafts in work.

import { DownloadOutlined, PlusOutlined, UploadOutlined } from "@ant-design/icons";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button, Drawer } from "antd";
import { useRef, useState } from "react";
import { useNavigate } from "react-router";
import {
  bringDraft,
  createDraft,
  endTable,
  type LevelTable,
  levelDrafts,
  levelTable,
  levelTables,
} from "../api/levels.ts";
import { useMay, useMe } from "../identity/me.tsx";
import { useText } from "../locales/index.tsx";
import { ConfirmReason } from "../parts/ConfirmReason.tsx";
import { Details } from "../parts/Details.tsx";
import { EditDrawer } from "../parts/EditDrawer.tsx";
import { Link } from "../parts/Link.tsx";
import { ListPage } from "../parts/ListPage.tsx";
import { Card } from "../parts/Page.tsx";
import { Failed, Loading, problemWords } from "../parts/States.tsx";
import { fullTime } from "../parts/time.ts";
import { usePhone } from "../parts/usePhone.ts";
import { Age } from "../parts/When.tsx";
import { RegionSelect } from "../regions/RegionSelect.tsx";
import "../styles/levels.css";
import { LevelRows } from "./LevelRows.tsx";

export function Levels() {
  const text = useText();
  const words = text.levels;
  const may = useMay("levels");
  const [shown, setShown] = useState<LevelTable | null>(null);
  const [based, setBased] = useState<LevelTable | "standing" | null>(null);
  const where = (row: LevelTable) => row.region_name || row.region || words.everywhere;
  return (
    <>
      <ListPage<LevelTable>
        name="level-tables"
        title={words.title}
        note={words.note}
        query={levelTables}
        empty={words.empty}
        fields={[
          { kind: "text", name: "q", label: words.search },
          {
            kind: "choice",
            name: "state",
            label: words.state,
            options: [
              { value: "", label: words.anyState },
              ...["in-force", "planned", "ended"].map((value) => ({ value, label: words.states[value] })),
            ],
          },
        ]}
        actions={
          may && (
            <>
              <Bring />
              <Button type="primary" icon={<PlusOutlined />} onClick={() => setBased("standing")}>
                {words.create}
              </Button>
            </>
          )
        }
        rows={{
          rowKey: (row) => row.id,
          name: (row) => `${where(row)} ${words.version(row.version)}`,
          open: setShown,
          columns: [
            {
              key: "name",
              title: words.name,
              width: "minmax(12rem, 1.6fr)",
              always: true,
              cell: (row) => (
                <span className="two-lines">
                  <strong>{row.name}</strong>
                  <span className="faint">{row.source}</span>
                </span>
              ),
            },
            { key: "region", title: words.region, width: "minmax(7rem, .8fr)", cell: where },
            {
              key: "version",
              title: words.versionTitle,
              width: "5rem",
              cell: (row) => words.version(row.version),
            },
            {
              key: "state",
              title: words.state,
              width: "minmax(6rem, .7fr)",
              cell: (row) => words.states[row.state],
            },
            {
              key: "from",
              title: words.from,
              width: "minmax(9rem, .9fr)",
              cell: (row) => fullTime(row.valid_from),
            },
            {
              key: "to",
              title: words.to,
              width: "minmax(9rem, .9fr)",
              cell: (row) => (row.valid_to ? fullTime(row.valid_to) : words.noEnd),
            },
            { key: "rules", title: words.count, width: "5rem", end: true, cell: (row) => row.rules },
          ],
        }}
        after={may && <Drafts />}
      />
      {shown && (
        <TableDrawer
          row={shown}
          where={where(shown)}
          close={() => setShown(null)}
          base={() => setBased(shown)}
        />
      )}
      <NewDraft based={based} close={() => setBased(null)} />
    </>
  );
}

function Drafts() {
  const text = useText();
  const words = text.levels;
  const drafts = useQuery(levelDrafts);
  return (
    <Card title={words.drafts}>
      {drafts.isPending ? (
        <Loading rows={2} />
      ) : drafts.isError ? (
        <Failed error={drafts.error} retry={() => drafts.refetch()} />
      ) : drafts.data.length === 0 ? (
        <p className="faint">{words.noDrafts}</p>
      ) : (
        <ul className="level-drafts">
          {drafts.data.map((draft) => (
            <li key={draft.id}>
              <Link to={`/levels/${draft.id}`}>{draft.name}</Link>{" "}
              <span className="faint">
                {draft.region_name || draft.region} · {words.rules(draft.rows.length)} ·{" "}
                {words.draftBy(draft.created_by_name)} · <Age at={draft.updated_at} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

function TableDrawer(props: { row: LevelTable; where: string; close: () => void; base: () => void }) {
  const { row, close, base } = props;
  const text = useText();
  const words = text.levels;
  const me = useMe();
  const phone = usePhone();
  const may = useMay("levels");
  const client = useQueryClient();
  const table = useQuery(levelTable(row.id));
  const [ending, setEnding] = useState(false);
  const file = (format: string) => `/api/v1/level-tables/${row.id}/file?format=${format}`;
  const running = row.state === "in-force" || row.state === "planned" || row.state === "replaced";
  return (
    <Drawer title={row.name} open onClose={close} size={phone ? "100%" : 820}>
      <Details
        items={[
          [words.region, props.where],
          [words.versionTitle, `${words.version(row.version)} · ${words.states[row.state]}`],
          [words.source, row.source],
          [words.from, fullTime(row.valid_from)],
          [words.to, row.valid_to ? fullTime(row.valid_to) : words.noEnd],
        ]}
      />
      <div className="form-foot" style={{ margin: "16px 0", flexWrap: "wrap" }}>
        {may && (
          <Button
            type="primary"
            onClick={() => {
              close();
              base();
            }}
          >
            {words.basis}
          </Button>
        )}
        <Button icon={<DownloadOutlined />} href={file("toml")}>
          {words.saveToml}
        </Button>
        <Button icon={<DownloadOutlined />} href={file("json")}>
          {words.saveJson}
        </Button>
        {may && running && row.region !== "" && me.agency_id !== null && (
          <Button onClick={() => setEnding(true)}>{words.end}</Button>
        )}
      </div>
      {table.isPending ? (
        <Loading />
      ) : table.isError ? (
        <Failed error={table.error} retry={() => table.refetch()} />
      ) : (
        <LevelRows rows={table.data.rows} />
      )}
      <ConfirmReason
        title={words.endTitle(row.name)}
        what={words.endWhat}
        open={ending}
        close={() => setEnding(false)}
        run={(reason) => endTable(row.id, reason)}
        done={() => {
          client.invalidateQueries({ queryKey: ["level-tables"] });
          close();
        }}
        submit={words.end}
      />
    </Drawer>
  );
}

function NewDraft({ based, close }: { based: LevelTable | "standing" | null; close: () => void }) {
  const text = useText();
  const words = text.levels;
  const me = useMe();
  const navigate = useNavigate();
  const table = based === "standing" ? null : based;
  return (
    <EditDrawer<{ id: number }>
      name={`level-draft.${table ? table.id : "new"}`}
      title={words.create}
      note={words.createNote}
      open={based !== null}
      close={close}
      submit={words.create}
      initial={{ region: table?.region || undefined, name: table?.name ?? "", source: me.agency_name ?? "" }}
      fields={[
        { name: "region", label: words.region, kind: "own", required: true, input: <RegionSelect /> },
        { name: "name", label: words.name, required: true, max: 100 },
        { name: "source", label: words.source, required: true, max: 100, help: words.sourceHelp },
      ]}
      save={(values) => createDraft({ ...values, table_id: table?.id ?? null })}
      saved={(answer) => navigate(`/levels/${answer.data.id}`)}
    />
  );
}

function Bring() {
  const text = useText();
  const words = text.levels;
  const { message } = App.useApp();
  const navigate = useNavigate();
  const input = useRef<HTMLInputElement>(null);
  const bring = useMutation({
    mutationFn: async (file: File) => (await bringDraft({ text: await file.text() })).data,
    onSuccess: (draft) => {
      message.success(words.brought, 3);
      navigate(`/levels/${draft.id}`);
    },
    onError: (error) => message.error(problemWords(error, text), 10),
  });
  return (
    <>
      <input
        ref={input}
        type="file"
        accept=".toml,.json"
        hidden
        aria-label={words.bring}
        onChange={(event) => {
          const file = event.target.files?.[0];
          event.target.value = "";
          if (file) bring.mutate(file);
        }}
      />
      <Button
        icon={<UploadOutlined />}
        loading={bring.isPending}
        title={words.bringNote}
        onClick={() => input.current?.click()}
      >
        {words.bring}
      </Button>
    </>
  );
}
