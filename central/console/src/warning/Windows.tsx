// Windows: what is suppressed on purpose, by whom, until when; declared, edited, consented to, ended early.

import { PlusOutlined } from "@ant-design/icons";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Drawer } from "antd";
import { useState } from "react";
import { useSearchParams } from "react-router";
import { listOf } from "../api/list.ts";
import { consentWindow, endWindow, type SuppressionWindow, suppressionWindow } from "../api/windows.ts";
import { useMay } from "../identity/me.tsx";
import { useText } from "../locales/index.tsx";
import { ConfirmReason } from "../parts/ConfirmReason.tsx";
import { Details } from "../parts/Details.tsx";
import { Link } from "../parts/Link.tsx";
import { ListPage } from "../parts/ListPage.tsx";
import { Failed, Loading } from "../parts/States.tsx";
import { fullTime } from "../parts/time.ts";
import { usePhone } from "../parts/usePhone.ts";
import { Until } from "../parts/When.tsx";
import "../styles/windows.css";
import { WindowForm } from "./WindowForm.tsx";

type Asked = "end" | "consent" | "withdraw-consent";

const redsOf = (row: SuppressionWindow) => (!row.holds_red ? "no" : row.consent_at ? "yes" : "asked");

export function Windows() {
  const text = useText();
  const words = text.windows;
  const may = useMay("window");
  const [search, setSearch] = useSearchParams();
  const [declaring, setDeclaring] = useState(false);
  const [edited, setEdited] = useState<SuppressionWindow | null>(null);
  const client = useQueryClient();
  const shown = Number(search.get("window")) || null;
  const show = (id: number | null) =>
    setSearch(
      (now) => {
        const next = new URLSearchParams(now);
        if (id) next.set("window", String(id));
        else next.delete("window");
        return next;
      },
      { replace: true },
    );
  const changed = () => {
    client.invalidateQueries({ queryKey: ["suppression-windows"] });
    client.invalidateQueries({ queryKey: ["covered"] });
    client.invalidateQueries({ queryKey: ["warnings"] });
  };
  return (
    <>
      <ListPage<SuppressionWindow>
        name="suppression-windows"
        title={words.title}
        note={words.note}
        query={({ enterprise, window: _, ...filter }) =>
          listOf<SuppressionWindow>("suppression-windows")({
            ...filter,
            ...(enterprise ? { enterprise_id: enterprise } : {}),
          })
        }
        empty={words.emptyAll}
        emptyAll={words.empty}
        fields={[
          {
            kind: "choice",
            name: "state",
            label: words.state,
            options: Object.entries(words.shown).map(([value, label]) => ({ value, label })),
          },
          {
            kind: "select",
            name: "category",
            label: words.category,
            options: [
              { value: "", label: words.anyCategory },
              ...Object.entries(words.categories).map(([value, label]) => ({ value, label })),
            ],
          },
          { kind: "text", name: "q", label: words.search },
          {
            kind: "chip",
            name: "enterprise",
            words: (_, rows) =>
              text.warnings.onlyOf(rows[0]?.enterprise_name ?? text.warnings.thisEnterprise),
          },
        ]}
        actions={
          may && (
            <Button type="primary" icon={<PlusOutlined />} onClick={() => setDeclaring(true)}>
              {words.declare}
            </Button>
          )
        }
        rows={{
          rowKey: (row) => row.id,
          name: (row) => `${words.categories[row.category]} ${row.enterprise_name} ${row.subject_name}`,
          open: (row) => show(row.id),
          columns: [
            {
              key: "what",
              title: words.subject,
              width: "minmax(12rem, 1.5fr)",
              always: true,
              cell: (row) => (
                <span className="two-lines">
                  <strong>{row.subject_name}</strong>
                  <span className="faint">{row.enterprise_name}</span>
                </span>
              ),
            },
            {
              key: "category",
              title: words.category,
              width: "minmax(7rem, .8fr)",
              cell: (row) => (
                <span className="two-lines">
                  <span>⊘ {words.categories[row.category]}</span>
                  <span className="faint">{row.permit_no}</span>
                </span>
              ),
            },
            {
              key: "ends",
              title: words.to,
              width: "minmax(10rem, 1fr)",
              always: true,
              cell: (row) => <Ends row={row} />,
            },
            {
              key: "why",
              title: words.reason,
              width: "minmax(11rem, 1.4fr)",
              cell: (row) => (
                <span className="two-lines">
                  <span>{row.reason}</span>
                  <span className="faint">
                    {row.declared_name} · {row.declared_for}
                  </span>
                </span>
              ),
            },
            {
              key: "red",
              title: words.reds,
              width: "minmax(8rem, .9fr)",
              cell: (row) => <Reds row={row} />,
            },
            {
              key: "waiting",
              title: words.waiting,
              width: "6rem",
              end: true,
              cell: (row) => words.waitingNow(row.waiting),
            },
          ],
          card: (row) => (
            <>
              <div className="row-card-top">
                <span>⊘ {words.categories[row.category]}</span>
                <Ends row={row} />
              </div>
              <span className="row-card-title">{row.subject_name}</span>
              <div className="row-card-line">
                <span>{row.enterprise_name}</span>
              </div>
              <div className="row-card-line faint">
                <span>
                  {row.declared_name}：{row.reason}
                </span>
                {row.waiting > 0 && (
                  <span>
                    {words.waiting} {words.waitingNow(row.waiting)}
                  </span>
                )}
              </div>
            </>
          ),
        }}
      />
      {shown && <WindowDrawer id={shown} close={() => show(null)} edit={setEdited} changed={changed} />}
      <WindowForm
        open={declaring || edited !== null}
        row={edited}
        close={() => {
          setDeclaring(false);
          setEdited(null);
        }}
        saved={changed}
      />
    </>
  );
}

function Ends({ row }: { row: SuppressionWindow }) {
  const words = useText().windows;
  return (
    <span className="two-lines">
      {row.state === "current" ? (
        <strong>
          <Until at={row.ends_at} />
        </strong>
      ) : (
        <span>{words.states[row.state]}</span>
      )}
      <span className="faint number">
        {fullTime(row.state === "planned" ? row.starts_at : (row.ended_at ?? row.ends_at))}
      </span>
    </span>
  );
}

function Reds({ row }: { row: SuppressionWindow }) {
  const words = useText().windows;
  const reds = redsOf(row);
  return reds === "no" ? (
    <span className="faint">{words.redsWords[reds]}</span>
  ) : (
    <strong>{words.redsWords[reds]}</strong>
  );
}

function WindowDrawer(props: {
  id: number;
  close: () => void;
  edit: (row: SuppressionWindow) => void;
  changed: () => void;
}) {
  const text = useText();
  const words = text.windows;
  const phone = usePhone();
  const [asked, setAsked] = useState<Asked | null>(null);
  const found = useQuery(suppressionWindow(props.id));
  const row = found.data;
  const dialog = {
    end: [words.endTitle, words.endWhat, words.end] as const,
    consent: [words.consentTitle, words.consentWhat, words.consent] as const,
    "withdraw-consent": [words.withdrawTitle, words.withdrawWhat, words.withdraw] as const,
  }[asked ?? "end"];
  return (
    <Drawer
      title={row ? `${words.categories[row.category]} · ${row.subject_name}` : words.title}
      open
      onClose={props.close}
      size={phone ? "100%" : 560}
    >
      {found.isPending ? (
        <Loading />
      ) : found.isError || !row ? (
        <Failed error={found.error} retry={() => found.refetch()} />
      ) : (
        <>
          <Details items={facts(row, text)} />
          <div className="form-foot window-acts">
            {row.may.includes("edit") && (
              <Button type="primary" onClick={() => props.edit(row)}>
                {words.edit}
              </Button>
            )}
            {row.may.includes("consent") && (
              <Button onClick={() => setAsked("consent")}>{words.consent}</Button>
            )}
            {row.may.includes("withdraw-consent") && (
              <Button onClick={() => setAsked("withdraw-consent")}>{words.withdraw}</Button>
            )}
            {row.may.includes("end") && <Button onClick={() => setAsked("end")}>{words.end}</Button>}
          </div>
          <ConfirmReason
            title={dialog[0](row.subject_name)}
            what={dialog[1]}
            open={asked !== null}
            close={() => setAsked(null)}
            run={(reason) =>
              asked === "end" ? endWindow(row.id, reason) : consentWindow(row.id, asked === "consent", reason)
            }
            done={props.changed}
            submit={dialog[2]}
            usual={asked === "consent" ? [] : words.usual}
          />
        </>
      )}
    </Drawer>
  );
}

function facts(row: SuppressionWindow, text: ReturnType<typeof useText>) {
  const words = text.windows;
  const kinds = row.kinds.map((kind) => text.levels.kinds[kind] ?? kind).join("、");
  const consent = row.consent_at
    ? `${words.consentBy(row.consent_name, row.consent_for)} ${fullTime(row.consent_at)} ${row.consent_words}`
    : words.redsWords[redsOf(row)];
  return [
    [
      words.enterprise,
      <Link key="e" to={`/enterprises/${row.enterprise_id}`}>
        {row.enterprise_name}
      </Link>,
    ],
    [words.subject, `${words.subjects[row.subject_type]} · ${row.subject_name}`],
    [words.kinds, kinds || words.allKinds],
    [words.state, words.states[row.state]],
    [words.from, fullTime(row.starts_at)],
    [words.to, fullTime(row.ends_at)],
    [words.reason, row.reason],
    [words.permitNo, row.permit_no || "–"],
    [words.by, `${row.declared_for} ${row.declared_name} ${fullTime(row.declared_at)}`],
    [words.reds, consent],
    [words.waiting, `${words.waitingNow(row.waiting)}（${words.covered(row.covered)}）`],
    ...(row.ended_at
      ? [[words.states.ended ?? "", words.endedBy(row.ended_name, row.end_reason)] as const]
      : []),
  ] as const;
}
