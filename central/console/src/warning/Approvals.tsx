// What people and models warn of and another person must approve before anybody is called; and issuing such warnings.

import { useQueryClient } from "@tanstack/react-query";
import { Button, Space } from "antd";
import { useState } from "react";
import type { Proposal } from "../api/approvals.ts";
import { send } from "../api/client.ts";
import { listOf } from "../api/list.ts";
import { useMe } from "../identity/me.tsx";
import { useText } from "../locales/index.tsx";
import { ConfirmReason } from "../parts/ConfirmReason.tsx";
import { LevelBadge } from "../parts/Level.tsx";
import { Link } from "../parts/Link.tsx";
import { ListPage } from "../parts/ListPage.tsx";
import { When } from "../parts/When.tsx";
import { Manual } from "./Manual.tsx";

interface Chosen {
  row: Proposal;
  approve: boolean;
}

export function Approvals() {
  const text = useText();
  const words = text.approvals;
  const me = useMe();
  const client = useQueryClient();
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const [issuing, setIssuing] = useState(false);
  const changed = () => client.invalidateQueries({ queryKey: ["warning-proposals"] });
  return (
    <>
      <ListPage<Proposal>
        name="warning-proposals"
        title={words.title}
        note={words.note}
        query={listOf<Proposal>("warning-proposals")}
        actions={
          me.may.includes("warn") && (
            <Button type="primary" onClick={() => setIssuing(true)}>
              {words.issue}
            </Button>
          )
        }
        fields={[
          {
            kind: "choice",
            name: "state",
            label: words.show,
            options: [
              { value: "", label: words.shows.waiting },
              { value: "decided", label: words.shows.decided },
              { value: "all", label: words.shows.all },
            ],
          },
        ]}
        rows={{
          rowKey: (row) => row.id,
          name: (row) => `${text.levelWarning[row.level]} ${row.owner_name} ${row.title}`,
          columns: [
            {
              key: "level",
              title: words.level,
              width: "6rem",
              always: true,
              cell: (row) => <LevelBadge level={row.level} />,
            },
            {
              key: "what",
              title: words.what,
              width: "minmax(14rem, 2fr)",
              always: true,
              cell: (row) => (
                <span className="two-lines">
                  <strong>{row.title}</strong>
                  <span className="faint">{row.detail}</span>
                </span>
              ),
            },
            {
              key: "owner",
              title: words.owner,
              width: "minmax(10rem, 1.2fr)",
              cell: (row) => (
                <span className="two-lines">
                  <span>{row.owner_name}</span>
                  <span className="faint">{row.kind_name}</span>
                </span>
              ),
            },
            {
              key: "proposed",
              title: words.proposed,
              width: "minmax(9rem, 1fr)",
              cell: (row) => (
                <span className="two-lines">
                  <span>{row.proposed_by}</span>
                  <When at={row.proposed_at} brief />
                </span>
              ),
            },
            {
              key: "due",
              title: words.due,
              width: "minmax(9rem, .9fr)",
              cell: (row) =>
                row.state === "waiting" ? (
                  <span className="two-lines">
                    <When at={row.due_at} brief />
                    {row.given && <span className="faint">{words.givenThen}</span>}
                  </span>
                ) : null,
            },
            {
              key: "state",
              title: words.state,
              width: "minmax(13rem, 1.2fr)",
              always: true,
              cell: (row) => <Outcome row={row} choose={setChosen} />,
            },
          ],
        }}
        empty={words.emptyAll}
        emptyAll={words.empty}
      />
      <ConfirmReason
        title={
          chosen ? (chosen.approve ? words.approveTitle : words.refuseTitle)(chosen.row.title) : words.title
        }
        what={chosen?.approve ? words.approveWhat(chosen.row.owner_name) : words.refuseWhat}
        open={chosen !== null}
        close={() => setChosen(null)}
        reason={!chosen?.approve}
        submit={chosen?.approve ? words.approve : words.refuse}
        run={(opinion) =>
          send(
            "POST",
            `/api/v1/warning-proposals/${chosen?.row.id}/${chosen?.approve ? "approve" : "refuse"}`,
            { body: { opinion } },
          )
        }
        done={changed}
      />
      <Manual open={issuing} close={() => setIssuing(false)} issued={changed} />
    </>
  );
}

function Outcome({ row, choose }: { row: Proposal; choose: (chosen: Chosen) => void }) {
  const words = useText().approvals;
  if (row.may_decide)
    return (
      <Space>
        <Button size="small" type="primary" onClick={() => choose({ row, approve: true })}>
          {words.approve}
        </Button>
        <Button size="small" onClick={() => choose({ row, approve: false })}>
          {words.refuse}
        </Button>
      </Space>
    );
  if (row.state === "waiting") return <span className="faint">{words.own}</span>;
  return (
    <span className="two-lines">
      <span>
        {words.states[row.state]}
        {row.decided_by && ` · ${row.decided_by}`}
      </span>
      {row.warning_id ? (
        <Link className="over" to={`/warnings/${row.warning_id}`}>
          {words.open}
        </Link>
      ) : (
        <span className="faint">{row.opinion}</span>
      )}
    </span>
  );
}
