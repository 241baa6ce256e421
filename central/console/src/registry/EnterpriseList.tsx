// All enterprises of the jurisdiction, searched and filtered in the address; officials register new ones here.

import { PlusOutlined } from "@ant-design/icons";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { useState } from "react";
import { useNavigate } from "react-router";
import { enterpriseStatuses } from "../api/dossier.ts";
import { enterprises } from "../api/queries.ts";
import { useMay } from "../identity/me.tsx";
import { useLanguage, useText } from "../locales/index.tsx";
import { ListPage } from "../parts/ListPage.tsx";
import { useEnterpriseLook } from "./EnterpriseRows.tsx";
import { FactsForm } from "./FactsForm.tsx";
import { useRegistryTabs } from "./tabs.ts";

export function EnterpriseList() {
  const text = useText();
  const { language } = useLanguage();
  const may = useMay("enterprise-life");
  const tabs = useRegistryTabs();
  const client = useQueryClient();
  const navigate = useNavigate();
  const statuses = useQuery(enterpriseStatuses);
  const [adding, setAdding] = useState(false);
  return (
    <>
      <ListPage
        name="enterprises"
        title={text.enterprises.title}
        query={(filter) => enterprises(filter)}
        rows={useEnterpriseLook()}
        tabs={tabs}
        actions={
          may && (
            <Button type="primary" icon={<PlusOutlined />} onClick={() => setAdding(true)}>
              {text.lifeForms.add}
            </Button>
          )
        }
        fields={[
          { kind: "text", name: "q", label: text.enterprises.search },
          {
            kind: "choice",
            name: "state",
            label: text.enterprises.state,
            options: [
              { value: "", label: text.enterprises.anyState },
              { value: "warning", label: text.enterprises.withOpen },
              { value: "offline", label: text.enterprises.offline },
              { value: "normal", label: text.enterprises.normal },
            ],
          },
          {
            kind: "select",
            name: "status",
            label: text.dossier.status,
            options: [
              { value: "", label: text.dossier.status },
              ...(statuses.data ?? []).map((each) => ({
                value: each.code,
                label: language === "en" ? each.name_en : each.name,
              })),
            ],
          },
        ]}
        empty={text.enterprises.empty}
        emptyAll={text.enterprises.emptyAll}
      />
      <FactsForm
        facts={null}
        open={adding}
        close={() => setAdding(false)}
        done={(facts) => {
          client.invalidateQueries({ queryKey: ["enterprises"] });
          navigate(`/enterprises/${facts.id}`);
        }}
      />
    </>
  );
}
