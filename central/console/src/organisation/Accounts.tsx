// Accounts of the jurisdiction: made, edited, reviewed, unlocked, switched off by those above.

import { Button } from "antd";
import { useState } from "react";
import { send } from "../api/client.ts";
import type { Account, AccountMade } from "../api/organisation.ts";
import { useMay, useMe } from "../identity/me.tsx";
import { useText } from "../locales/index.tsx";
import { ConfirmReason } from "../parts/ConfirmReason.tsx";
import type { EditField, Values } from "../parts/EditDrawer.tsx";
import { When } from "../parts/When.tsx";
import { lines, listed } from "./areas.ts";
import {
  useAgencyOptions,
  useEnterpriseOptions,
  useIntermediaryOptions,
  useRoles,
  useUnitOptions,
} from "./choices.ts";
import { OneTime, type Told } from "./OneTime.tsx";
import { Register } from "./Register.tsx";
import { Reveal } from "./Reveal.tsx";

export function Accounts() {
  const text = useText();
  const words = text.organisation.accounts;
  const me = useMe();
  const office = me.enterprise_id === null;
  const [told, setTold] = useState<Told | null>(null);
  const fields = useFields();
  const options = (names: Record<string, string>) =>
    Object.entries(names).map(([value, label]) => ({ value, label }));
  return (
    <>
      <Register<Account, Account | AccountMade>
        path="accounts"
        title={words.title}
        one={words.one}
        empty={words.empty}
        nameOf={(row) => `${row.display_name}（${row.login}）`}
        removeWords={() => words.removeWhat}
        filters={[
          { kind: "text", name: "q", label: words.search },
          ...(office
            ? [
                {
                  kind: "select" as const,
                  name: "kind",
                  label: words.kind,
                  options: [{ value: "", label: text.organisation.anyKind }, ...options(words.kinds)],
                },
              ]
            : []),
          {
            kind: "select",
            name: "state",
            label: words.state,
            options: [{ value: "", label: text.organisation.anyState }, ...options(words.states)],
          },
        ]}
        columns={[
          {
            key: "name",
            title: words.name,
            width: "minmax(9rem, 1.2fr)",
            always: true,
            cell: (row) => (
              <span className="two-lines">
                <strong>{row.display_name}</strong>
                <span className="faint">{row.login}</span>
              </span>
            ),
          },
          { key: "role", title: words.role, width: "minmax(7rem, 1fr)", cell: (row) => row.role_name },
          {
            key: "belongs",
            title: words.belongs,
            width: "minmax(10rem, 1.6fr)",
            cell: (row) => (
              <span className="two-lines">
                <span>{ownerOf(row)}</span>
                {row.area_names.length > 0 && <span className="faint">{row.area_names.join("、")}</span>}
              </span>
            ),
          },
          {
            key: "phone",
            title: text.organisation.phone,
            width: "minmax(8rem, 1fr)",
            cell: (row) => (
              <span className="two-lines">
                <span>{row.phone}</span>
                {row.on_call && <span className="faint">{words.onCall}</span>}
              </span>
            ),
          },
          {
            key: "state",
            title: words.state,
            width: "minmax(6rem, .8fr)",
            cell: (row) => <State row={row} />,
          },
          {
            key: "made",
            title: words.made,
            width: "minmax(10rem, 1fr)",
            extra: true,
            cell: (row) => <When at={row.created_at} brief />,
          },
        ]}
        details={(row) => [
          [words.login, row.login],
          [words.role, row.role_name],
          [words.belongs, ownerOf(row)],
          [words.department, row.department_name],
          [words.areas, row.area_names.join("、")],
          [
            text.organisation.phone,
            row.phone && (
              <span key="phone">
                <Reveal kind="account" id={row.id} phone={row.phone} />{" "}
                {!row.phone_verified && <span className="faint">{words.notVerified}</span>}
              </span>
            ),
          ],
          [words.onCall, row.on_call ? "✓" : ""],
          [words.state, <State key="state" row={row} />],
          [words.made, <When key="made" at={row.created_at} />],
          [
            words.opinion,
            row.review_opinion && `${row.review_opinion}（${words.reviewed(row.reviewed_by)}）`,
          ],
        ]}
        fields={fields}
        blank={{
          login: "",
          display_name: "",
          role: "",
          agency_id: office ? me.agency_id : null,
          enterprise_id: me.enterprise_id,
          committee_unit_id: null,
          intermediary_id: null,
          phone: "",
          phone_verified: false,
          on_call: false,
          areas: [],
        }}
        cleared={{ agency_id: null, enterprise_id: null, areas: "" }}
        values={(row) => ({ ...row, areas: lines(row.areas) })}
        sent={(values) => ({ ...values, areas: listed(values.areas) ?? [] })}
        saved={({ data }) => {
          if ("account" in data)
            setTold({ login: data.account.login, password: data.password, state: data.account.state });
        }}
        acts={(row, done) => <Acts row={row} done={done} tell={setTold} />}
      />
      <OneTime told={told} close={() => setTold(null)} />
    </>
  );
}

function ownerOf(row: Account): string {
  return row.enterprise_name ?? row.committee_unit_name ?? row.intermediary_name ?? row.agency_name ?? "–";
}

function State({ row }: { row: Account }) {
  const words = useText().organisation.accounts;
  const sign = { active: "● ", pending: "○ ", locked: "⊘ " }[row.state] ?? "✕ ";
  return (
    <span className={row.state === "active" ? undefined : "sign-quality-bad"}>
      {sign}
      {words.states[row.state]}
    </span>
  );
}

/** What each kind of role asks for. */
function useFields() {
  const text = useText().organisation;
  const words = text.accounts;
  const me = useMe();
  const office = me.enterprise_id === null;
  const roles = useRoles();
  const agencies = useAgencyOptions();
  const enterprises = useEnterpriseOptions(office);
  const units = useUnitOptions(office);
  const intermediaries = useIntermediaryOptions(office);
  const kindOf = (values: Values) => roles.find((role) => role.code === values.role)?.kind ?? "";
  return (row: Account | null): EditField[] => [
    ...(row
      ? []
      : [{ name: "login", label: words.login, required: true, max: 63, help: words.loginHelp } as EditField]),
    { name: "display_name", label: words.name, required: true, max: 100 },
    {
      name: "role",
      label: words.role,
      kind: "select",
      required: true,
      options: roles
        .filter((role) => role.may_give || role.code === row?.role)
        .map((role) => ({ value: role.code, label: role.name })),
    },
    {
      name: "agency_id",
      label: text.agency,
      kind: "select",
      options: agencies,
      when: (values) => ["supervisor", "inspector", "installer", "administrator"].includes(kindOf(values)),
    },
    ...(office
      ? [
          {
            name: "enterprise_id",
            label: text.enterprise,
            kind: "select",
            options: enterprises,
            when: (values) => kindOf(values) === "enterprise",
          } as EditField,
        ]
      : []),
    {
      name: "committee_unit_id",
      label: words.unit,
      kind: "select",
      options: units,
      when: (values) => kindOf(values) === "committee",
    },
    {
      name: "intermediary_id",
      label: words.intermediary,
      kind: "select",
      options: intermediaries,
      when: (values) => kindOf(values) === "intermediary",
    },
    { name: "phone", label: text.phone, max: 32 },
    { name: "phone_verified", label: words.verified, kind: "check", when: (values) => Boolean(values.phone) },
    { name: "on_call", label: words.onCall, kind: "check" },
    {
      name: "areas",
      label: words.areas,
      kind: "long",
      help: words.areasHelp,
      when: (values) => office && !["enterprise", ""].includes(kindOf(values)),
    },
  ];
}

type Act = "password" | "unlock" | "off" | "on" | "approve" | "refuse";

function Acts({ row, done, tell }: { row: Account; done: () => void; tell: (told: Told) => void }) {
  const words = useText().organisation.accounts;
  const me = useMe();
  const keeps = useMay("organisation");
  const [act, setAct] = useState<Act | null>(null);
  const url = `/api/v1/accounts/${row.id}`;
  const told = (data: AccountMade) =>
    tell({ login: row.login, password: data.password, state: data.account.state });
  const acts: Record<
    Act,
    { words: string; what: string; usual?: readonly string[]; run: (reason: string) => Promise<unknown> }
  > = {
    password: {
      words: words.reset,
      what: words.resetWhat,
      usual: words.resetUsual,
      run: async (reason) => {
        const { data } = await send<{ password: string }>("POST", `${url}/password`, { body: { reason } });
        tell({ login: row.login, password: data.password, state: "active" });
      },
    },
    unlock: {
      words: words.unlock,
      what: words.unlockWhat,
      usual: words.unlockUsual,
      run: (reason) => send("POST", `${url}/unlock`, { body: { reason } }),
    },
    off: {
      words: words.off,
      what: words.offWhat,
      usual: words.offUsual,
      run: (reason) => send("POST", `${url}/active`, { body: { active: false, reason } }),
    },
    on: {
      words: words.on,
      what: words.onWhat,
      usual: words.onUsual,
      run: (reason) => send("POST", `${url}/active`, { body: { active: true, reason } }),
    },
    approve: {
      words: words.approve,
      what: words.approveWhat,
      run: async (opinion) =>
        told(
          (await send<AccountMade>("POST", `${url}/review`, { body: { decision: "approved", opinion } }))
            .data,
        ),
    },
    refuse: {
      words: words.refuse,
      what: words.refuseWhat,
      run: (opinion) => send("POST", `${url}/review`, { body: { decision: "refused", opinion } }),
    },
  };
  const offered: Act[] =
    row.login === me.account || row.state === "removed"
      ? []
      : row.state === "pending"
        ? keeps && me.enterprise_id === null
          ? ["approve", "refuse"]
          : []
        : row.state === "refused"
          ? []
          : row.state === "off"
            ? ["on"]
            : [
                ...(row.state === "locked" ? (["unlock"] as const) : []),
                ...(keeps ? (["password"] as const) : []),
                "off",
              ];
  const chosen = act && acts[act];
  return (
    <>
      {offered.map((each) => (
        <Button key={each} onClick={() => setAct(each)}>
          {acts[each].words}
        </Button>
      ))}
      {chosen && (
        <ConfirmReason
          title={chosen.words}
          what={chosen.what}
          usual={chosen.usual}
          open
          close={() => setAct(null)}
          run={chosen.run}
          done={done}
          submit={chosen.words}
        />
      )}
    </>
  );
}
