// Risk models of the regions that concern one: what is in force, and the drafts in work.

import { PlusOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useState } from "react";
import { useNavigate } from "react-router";
import { createRiskDraft, type RiskModel, riskDrafts, riskModels } from "../api/risk.ts";
import { useMay, useMe } from "../identity/me.tsx";
import { useText } from "../locales/index.tsx";
import { EditDrawer } from "../parts/EditDrawer.tsx";
import { Link } from "../parts/Link.tsx";
import { ListPage } from "../parts/ListPage.tsx";
import { Card } from "../parts/Page.tsx";
import { Failed, Loading } from "../parts/States.tsx";
import { fullTime } from "../parts/time.ts";
import { Age } from "../parts/When.tsx";
import { RegionSelect } from "../regions/RegionSelect.tsx";
import "../styles/risk.css";
import { riskTabs } from "./tabs.ts";

export const SCALES = ["enterprise", "industry", "area", "time"] as const;

export function Models() {
  const text = useText();
  const words = text.risk.models;
  const may = useMay("models");
  const [adding, setAdding] = useState(false);
  const where = (row: RiskModel) => row.region_name || row.region || text.risk.everywhere;
  return (
    <>
      <ListPage<RiskModel>
        name="risk-models"
        title={words.title}
        tabs={riskTabs(text)}
        note={words.note}
        query={riskModels}
        empty={words.empty}
        actions={
          may && (
            <Button type="primary" icon={<PlusOutlined />} onClick={() => setAdding(true)}>
              {words.create}
            </Button>
          )
        }
        fields={[
          {
            kind: "choice",
            name: "scale",
            label: words.scale,
            options: [
              { value: "", label: words.all },
              ...SCALES.map((value) => ({ value, label: text.risk.scales[value] })),
            ],
          },
        ]}
        rows={{
          rowKey: (row) => row.id,
          to: (row) => `/risk/models/${row.id}`,
          name: (row) => `${row.name} ${text.risk.version(row.version)}`,
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
            {
              key: "scale",
              title: words.scale,
              width: "6rem",
              cell: (row) => text.risk.scales[row.scale],
            },
            { key: "region", title: text.risk.region, width: "minmax(7rem, .8fr)", cell: where },
            {
              key: "version",
              title: text.risk.model,
              width: "6rem",
              cell: (row) => text.risk.version(row.version),
            },
            { key: "state", title: words.state, width: "7rem", cell: (row) => words.states[row.state] },
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
          ],
        }}
        after={may && <Drafts />}
      />
      <NewDraft open={adding} close={() => setAdding(false)} />
    </>
  );
}

function Drafts() {
  const text = useText();
  const words = text.risk.models;
  const drafts = useQuery(riskDrafts);
  return (
    <Card title={words.drafts}>
      {drafts.isPending ? (
        <Loading rows={2} />
      ) : drafts.isError ? (
        <Failed error={drafts.error} retry={() => drafts.refetch()} />
      ) : drafts.data.length === 0 ? (
        <p className="faint">{words.noDrafts}</p>
      ) : (
        <ul className="risk-parts">
          {drafts.data.map((draft) => (
            <li key={draft.id}>
              <Link to={`/risk/drafts/${draft.id}`}>{draft.name}</Link>{" "}
              <span className="faint">
                {text.risk.scales[draft.scale]} · {draft.region_name || draft.region} ·{" "}
                {draft.created_by_name} · <Age at={draft.updated_at} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

export function NewDraft({ open, close, model }: { open: boolean; close: () => void; model?: RiskModel }) {
  const text = useText();
  const words = text.risk.models;
  const me = useMe();
  const navigate = useNavigate();
  return (
    <EditDrawer<{ id: number }>
      name={`risk-draft.${model ? model.id : "new"}`}
      title={words.create}
      note={words.createNote}
      open={open}
      close={close}
      submit={words.create}
      initial={{
        scale: model?.scale ?? "enterprise",
        region: model?.region || undefined,
        name: model?.name ?? "",
        source: me.agency_name ?? "",
      }}
      fields={[
        {
          name: "scale",
          label: words.scale,
          kind: "select",
          required: true,
          disabled: model !== undefined,
          options: SCALES.map((value) => ({ value, label: text.risk.scales[value] })),
        },
        { name: "region", label: text.risk.region, kind: "own", required: true, input: <RegionSelect /> },
        { name: "name", label: words.name, required: true, max: 100 },
        { name: "source", label: text.risk.source, required: true, max: 100, help: words.sourceHelp },
      ]}
      save={(values) => createRiskDraft({ ...values, model_id: model?.id ?? null })}
      saved={(answer) => navigate(`/risk/drafts/${answer.data.id}`)}
    />
  );
}
