// Enterprises that ask to be registered: looked at, approved with their account, or refused with an opinion.

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button, Drawer, Input, Modal, Typography } from "antd";
import { useState } from "react";
import { send } from "../api/client.ts";
import type { Application } from "../api/dossier.ts";
import { listOf } from "../api/list.ts";
import { useText } from "../locales/index.tsx";
import { Details } from "../parts/Details.tsx";
import { Link } from "../parts/Link.tsx";
import { ListPage } from "../parts/ListPage.tsx";
import { problemWords } from "../parts/States.tsx";
import { usePhone } from "../parts/usePhone.ts";
import { When } from "../parts/When.tsx";
import { useRegistryTabs } from "./tabs.ts";

interface Decided {
  application: Application;
  account: string;
  password: string;
}

export function Applications() {
  const text = useText();
  const words = text.applications;
  const phone = usePhone();
  const tabs = useRegistryTabs();
  const client = useQueryClient();
  const [shown, setShown] = useState<Application | null>(null);
  const [handed, setHanded] = useState<Decided | null>(null);
  return (
    <>
      <ListPage<Application>
        name="enterprise-applications"
        title={words.title}
        note={words.note}
        tabs={tabs}
        query={listOf<Application>("enterprise-applications")}
        fields={[
          { kind: "text", name: "q", label: words.search },
          {
            kind: "choice",
            name: "state",
            label: words.state,
            options: [
              { value: "", label: words.all },
              ...Object.entries(words.states).map(([value, label]) => ({ value, label })),
            ],
          },
        ]}
        rows={{
          rowKey: (row) => row.id,
          name: (row) => row.name,
          open: setShown,
          columns: [
            {
              key: "name",
              title: words.name,
              width: "minmax(14rem, 2fr)",
              always: true,
              cell: (row) => (
                <span className="two-lines">
                  <strong>{row.name}</strong>
                  <span className="faint">{row.credit_code}</span>
                </span>
              ),
            },
            {
              key: "where",
              title: words.where,
              width: "minmax(9rem, 1fr)",
              cell: (row) => `${row.region_name} · ${row.sector_name}`,
            },
            {
              key: "contact",
              title: words.contact,
              width: "minmax(11rem, 1fr)",
              cell: (row) => `${row.contact_name} ${row.contact_phone}`,
            },
            { key: "at", title: words.at, width: "9rem", cell: (row) => <When at={row.created_at} brief /> },
            { key: "state", title: words.state, width: "7rem", cell: (row) => words.states[row.state] },
          ],
        }}
        empty={words.empty}
      />
      <Drawer
        title={shown?.name}
        open={shown !== null}
        onClose={() => setShown(null)}
        size={phone ? "100%" : 520}
        destroyOnHidden
      >
        {shown && (
          <Decide
            key={shown.id}
            row={shown}
            done={(decided) => {
              client.invalidateQueries({ queryKey: ["enterprise-applications"] });
              client.invalidateQueries({ queryKey: ["enterprises"] });
              setShown(null);
              if (decided.password) setHanded(decided);
            }}
          />
        )}
      </Drawer>
      <Modal
        open={handed !== null}
        title={words.handed}
        onCancel={() => setHanded(null)}
        mask={{ closable: false }}
        footer={
          <Button type="primary" onClick={() => setHanded(null)}>
            {words.kept}
          </Button>
        }
      >
        <p>{words.handedHelp(handed?.account ?? "")}</p>
        <Typography.Paragraph copyable code>
          {handed?.password}
        </Typography.Paragraph>
      </Modal>
    </>
  );
}

function Decide({ row, done }: { row: Application; done: (decided: Decided) => void }) {
  const text = useText();
  const words = text.applications;
  const forms = text.lifeForms;
  const client = useQueryClient();
  const [opinion, setOpinion] = useState("");
  const [missing, setMissing] = useState(false);
  const decide = useMutation({
    mutationFn: (approve: boolean) =>
      send<Decided>("POST", `/api/v1/enterprise-applications/${row.id}/decision`, {
        body: { approve, opinion: opinion.trim() },
      }),
    onSuccess: (answer) => done(answer.data),
    // Somebody else may have decided: the list says so.
    onError: () => client.invalidateQueries({ queryKey: ["enterprise-applications"] }),
  });
  const answer = (approve: boolean) => {
    setMissing(!approve && !opinion.trim());
    if (approve || opinion.trim()) decide.mutate(approve);
  };
  return (
    <>
      <Details
        items={[
          [forms.creditCode, row.credit_code],
          [forms.region, row.region_name],
          [forms.sector, row.sector_name],
          [forms.industry, row.industry],
          [forms.address, row.address],
          [forms.contact, row.contact_name],
          [
            forms.phone,
            row.contact_phone.includes("*") ? (
              row.contact_phone
            ) : (
              <a key="phone" href={`tel:${row.contact_phone}`}>
                {row.contact_phone}
              </a>
            ),
          ],
          [words.words, row.words],
          [words.at, <When key="at" at={row.created_at} />],
          [
            words.state,
            `${words.states[row.state]}${row.decided_by_name ? `（${words.decided(row.decided_by_name)}）` : ""}`,
          ],
          [words.opinion, row.opinion],
        ]}
      />
      {row.enterprise_id && <Link to={`/enterprises/${row.enterprise_id}`}>{words.see}</Link>}
      {row.state === "open" && (
        <div className="form" style={{ marginTop: 20 }}>
          <label htmlFor="opinion">{words.opinion}</label>
          <Input.TextArea
            id="opinion"
            value={opinion}
            maxLength={500}
            autoSize={{ minRows: 2, maxRows: 6 }}
            onChange={(event) => setOpinion(event.target.value)}
          />
          <p className="faint">{words.approveHelp}</p>
          {missing && (
            <p className="form-missing" role="alert">
              <span aria-hidden="true">!</span> {words.opinionMissing}
            </p>
          )}
          {decide.isError && (
            <p className="form-missing" role="alert">
              <span aria-hidden="true">!</span> {problemWords(decide.error, text)}
            </p>
          )}
          <div className="form-foot">
            <Button type="primary" loading={decide.isPending} onClick={() => answer(true)}>
              {words.approve}
            </Button>
            <Button disabled={decide.isPending} onClick={() => answer(false)}>
              {words.refuse}
            </Button>
          </div>
        </div>
      )}
    </>
  );
}
