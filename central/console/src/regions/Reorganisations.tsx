// Regions renumbered, merged or split, and agencies that take over: form, what it would do, confirmation.

import { Button, Form, Input, Select } from "antd";
import type { ReactNode } from "react";
import type { Job } from "../api/regions.ts";
import { useText } from "../locales/index.tsx";
import { useAgencyOptions, useEnterpriseOptions } from "../organisation/choices.ts";
import { JobList } from "./JobList.tsx";
import { moment, needed, PlanSheet, type Values } from "./PlanSheet.tsx";
import { RegionSelect } from "./RegionSelect.tsx";

export function Reorganisations() {
  const text = useText();
  return (
    <JobList
      kind="reorganisations"
      title={text.regions.reorganisations}
      note={text.jobs.noteReorganisations}
      submit={text.jobs.newReorganisation}
      form={(open, close, started) => <ReorganisationForm open={open} close={close} started={started} />}
    />
  );
}

/** Lines of a list of the form that were begun at all. */
function lines(typed: unknown): Values[] {
  return ((typed as (Values | undefined)[] | undefined) ?? []).filter(
    (line): line is Values => line !== undefined && Object.values(line).some(Boolean),
  );
}

const asked = (typed: Values) => ({
  title: typed.title,
  reason: typed.reason,
  document: typed.document || "",
  effective_at: moment(typed.effective_at),
  changes: lines(typed.changes).map((line) => ({ ...line, name: line.name || "" })),
  agencies: lines(typed.agencies),
  areas: lines(typed.areas),
  enterprises: lines(typed.enterprises),
});

function ReorganisationForm(props: { open: boolean; close: () => void; started: (job: Job) => void }) {
  const words = useText().jobs;
  const agencies = useAgencyOptions();
  const enterprises = useEnterpriseOptions(props.open);
  const choice = { showSearch: { optionFilterProp: "label" } };
  return (
    <PlanSheet kind="reorganisations" title={words.newReorganisation} asked={asked} {...props}>
      <Form.Item name="title" label={words.titleField} required rules={needed(words, words.titleField)}>
        <Input maxLength={100} />
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
      <Lines name="changes" label={words.changes} help={words.changesHelp} first>
        {[
          ["from_code", <RegionSelect key="from" label={words.from} />],
          ["to_code", <Input key="to" aria-label={words.to} placeholder={words.to} maxLength={12} />],
          [
            "name",
            <Input key="name" aria-label={words.newName} placeholder={words.newName} maxLength={100} />,
          ],
        ]}
      </Lines>
      <Lines name="enterprises" label={words.placings} help={words.placingsHelp}>
        {[
          [
            "enterprise_id",
            <Select
              key="enterprise"
              {...choice}
              options={enterprises}
              aria-label={words.enterprise}
              placeholder={words.enterprise}
            />,
          ],
          ["to_region", <Input key="to" aria-label={words.to} placeholder={words.to} maxLength={12} />],
        ]}
      </Lines>
      <Lines name="agencies" label={words.agencies}>
        {[
          [
            "from_id",
            <Select
              key="from"
              {...choice}
              options={agencies}
              aria-label={words.agencyFrom}
              placeholder={words.agencyFrom}
            />,
          ],
          [
            "to_id",
            <Select
              key="to"
              {...choice}
              options={agencies}
              aria-label={words.agencyTo}
              placeholder={words.agencyTo}
            />,
          ],
        ]}
      </Lines>
      <Lines name="areas" label={words.areas} help={words.areasHelp}>
        {[
          [
            "agency_id",
            <Select
              key="agency"
              {...choice}
              options={agencies}
              aria-label={words.toAgency}
              placeholder={words.toAgency}
            />,
          ],
          ["area", <Input key="area" aria-label={words.area} placeholder={words.area} maxLength={12} />],
        ]}
      </Lines>
    </PlanSheet>
  );
}

/** A list of lines within the form; each control by the name of its field. */
function Lines({
  name,
  label,
  help,
  first = false,
  children,
}: {
  name: string;
  label: string;
  help?: string;
  first?: boolean;
  children: readonly (readonly [string, ReactNode])[];
}) {
  const words = useText().jobs;
  return (
    <Form.Item label={label} extra={help}>
      <Form.List name={name} initialValue={first ? [{}] : []}>
        {(rows, { add, remove }) => (
          <>
            {rows.map((row) => (
              <div key={row.key} className="job-line">
                {children.map(([field, control]) => (
                  <Form.Item key={field} name={[row.name, field]} noStyle>
                    {control}
                  </Form.Item>
                ))}
                <Button aria-label={words.remove} onClick={() => remove(row.name)}>
                  ×
                </Button>
              </div>
            ))}
            <Button onClick={() => add({})}>{words.add}</Button>
          </>
        )}
      </Form.List>
    </Form.Item>
  );
}
