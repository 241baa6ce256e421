// One enterprise to another region, agency or sector: form, what it would do, confirmation.

import { useQuery } from "@tanstack/react-query";
import { Form, Input, Select } from "antd";
import { viewChoices } from "../api/choices.ts";
import type { Job } from "../api/regions.ts";
import { useText } from "../locales/index.tsx";
import { useAgencyOptions, useEnterpriseOptions } from "../organisation/choices.ts";
import { JobList } from "./JobList.tsx";
import { moment, needed, PlanSheet, type Values } from "./PlanSheet.tsx";
import { RegionSelect } from "./RegionSelect.tsx";

export function Moves() {
  const text = useText();
  return (
    <JobList
      kind="moves"
      title={text.regions.moves}
      note={text.jobs.noteMoves}
      submit={text.jobs.newMove}
      form={(open, close, started) => <MoveForm open={open} close={close} started={started} />}
    />
  );
}

const asked = (typed: Values) => ({
  enterprise_id: typed.enterprise_id,
  to_region: typed.to_region || null,
  to_agency_id: typed.to_agency_id ?? null,
  to_sector: typed.to_sector || null,
  effective_at: moment(typed.effective_at),
  reason: typed.reason,
  document: typed.document || "",
});

function MoveForm(props: { open: boolean; close: () => void; started: (job: Job) => void }) {
  const words = useText().jobs;
  const enterprises = useEnterpriseOptions(props.open);
  const agencies = useAgencyOptions();
  const sectors = useQuery(viewChoices).data?.sectors ?? [];
  const choice = {
    allowClear: true,
    showSearch: { optionFilterProp: "label" },
    placeholder: words.unchanged,
  };
  return (
    <PlanSheet kind="moves" title={words.newMove} asked={asked} {...props}>
      <Form.Item
        name="enterprise_id"
        label={words.enterprise}
        required
        rules={[{ required: true, message: words.missing(words.enterprise) }]}
      >
        <Select showSearch={{ optionFilterProp: "label" }} options={enterprises} />
      </Form.Item>
      <Form.Item name="to_region" label={words.toRegion}>
        <RegionSelect />
      </Form.Item>
      <Form.Item name="to_agency_id" label={words.toAgency}>
        <Select {...choice} options={agencies} />
      </Form.Item>
      <Form.Item name="to_sector" label={words.toSector}>
        <Select {...choice} options={sectors.map((one) => ({ value: one.code, label: one.name }))} />
      </Form.Item>
      <Form.Item name="reason" label={words.reason} required rules={needed(words, words.reason)}>
        <Input.TextArea maxLength={500} autoSize={{ minRows: 2, maxRows: 6 }} />
      </Form.Item>
      <Form.Item name="document" label={words.document}>
        <Input maxLength={200} />
      </Form.Item>
      <Form.Item name="effective_at" label={words.effective} extra={words.atOnce}>
        <Input type="datetime-local" />
      </Form.Item>
    </PlanSheet>
  );
}
