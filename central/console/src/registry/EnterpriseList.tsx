// All enterprises of the jurisdiction, searched and filtered in the address.

import { enterprises } from "../api/queries.ts";
import { useText } from "../locales/index.tsx";
import { ListPage } from "../parts/ListPage.tsx";
import { useEnterpriseLook } from "./EnterpriseRows.tsx";

export function EnterpriseList() {
  const text = useText();
  return (
    <ListPage
      name="enterprises"
      title={text.enterprises.title}
      query={(filter) => enterprises(filter)}
      rows={useEnterpriseLook()}
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
      ]}
      empty={text.enterprises.empty}
      emptyAll={text.enterprises.emptyAll}
    />
  );
}
