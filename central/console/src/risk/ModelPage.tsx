// A version of a model: what it weighs, from when to when it counts; a draft may begin from it.

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { useState } from "react";
import { useParams } from "react-router";
import { endRiskModel, riskModel } from "../api/risk.ts";
import { useMay } from "../identity/me.tsx";
import { useText } from "../locales/index.tsx";
import { ConfirmReason } from "../parts/ConfirmReason.tsx";
import { Link } from "../parts/Link.tsx";
import { Card, PageHead } from "../parts/Page.tsx";
import { Failed, Loading } from "../parts/States.tsx";
import { fullTime } from "../parts/time.ts";
import "../styles/risk.css";
import { Limits, Terms } from "./Definition.tsx";
import { NewDraft } from "./Models.tsx";

const RUNNING = ["in-force", "planned", "replaced"];

export function ModelPage() {
  const text = useText();
  const words = text.risk.models;
  const id = Number(useParams().id);
  const may = useMay("models");
  const client = useQueryClient();
  const found = useQuery(riskModel(id));
  const [open, setOpen] = useState<"draft" | "end" | null>(null);
  if (found.isPending) return <Loading rows={8} />;
  if (found.isError && !found.data)
    return <Failed error={found.error} retry={() => found.refetch()} missing={words.empty} />;
  const model = found.data;
  return (
    <div className="page">
      <PageHead
        title={`${model.name} ${text.risk.version(model.version)}`}
        note={
          <>
            <Link to="/risk/models">{words.draft.back}</Link> · {text.risk.scales[model.scale]} ·{" "}
            {model.region_name || model.region || text.risk.everywhere} · {words.states[model.state]} ·{" "}
            {fullTime(model.valid_from)} – {model.valid_to ? fullTime(model.valid_to) : words.noEnd} ·{" "}
            {model.source}
          </>
        }
        actions={
          may && (
            <>
              {model.region !== "" && RUNNING.includes(model.state) && (
                <Button onClick={() => setOpen("end")}>{words.end}</Button>
              )}
              <Button type="primary" onClick={() => setOpen("draft")}>
                {words.basis}
              </Button>
            </>
          )
        }
      />
      <Card
        title={words.terms}
        className="card-flush"
        extra={<span className="faint">{words.termCount(model.definition.terms.length)}</span>}
      >
        <Terms scale={model.scale} terms={model.definition.terms} />
      </Card>
      <Limits scale={model.scale} definition={model.definition} />
      <NewDraft open={open === "draft"} close={() => setOpen(null)} model={model} />
      <ConfirmReason
        title={words.endTitle(model.name)}
        what={words.endWhat}
        open={open === "end"}
        close={() => setOpen(null)}
        run={(reason) => endRiskModel(id, reason)}
        done={() => client.invalidateQueries({ queryKey: ["risk-models"] })}
        submit={words.end}
      />
    </div>
  );
}
