// A job is asked for in two steps: its form is shown to the centre, which says what it would do, and only then done.

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button, Drawer, Form } from "antd";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { type Job, type JobKind, type Plan, planJob, startJob } from "../api/regions.ts";
import { useText } from "../locales/index.tsx";
import { problemWords } from "../parts/States.tsx";
import { usePhone } from "../parts/usePhone.ts";

export type Values = Record<string, unknown>;

interface Props {
  kind: JobKind;
  title: string;
  open: boolean;
  close: () => void;
  /** From what was typed to what the centre takes. */
  asked: (values: Values) => unknown;
  started: (job: Job) => void;
  children: ReactNode;
}

export function PlanSheet(props: Props) {
  const phone = usePhone();
  return (
    <Drawer
      title={props.title}
      open={props.open}
      onClose={props.close}
      size={phone ? "100%" : 760}
      destroyOnHidden
      mask={{ closable: false }}
    >
      {props.open && <Body {...props} />}
    </Drawer>
  );
}

function Body({ kind, asked, started, close, children }: Props) {
  const text = useText();
  const words = text.jobs;
  const client = useQueryClient();
  const [form] = Form.useForm<Values>();
  const [plan, setPlan] = useState<Plan | null>(null);
  const look = useMutation({
    mutationFn: (typed: Values) => planJob(kind, asked(typed)),
    onSuccess: setPlan,
  });
  const start = useMutation({
    mutationFn: () => startJob(kind, asked(form.getFieldsValue(true))),
    onSuccess: (job) => {
      client.invalidateQueries({ queryKey: [kind] });
      started(job);
      close();
    },
  });
  const refused = look.error ?? start.error;
  const ready = plan !== null && plan.problems.length === 0;
  return (
    <Form<Values>
      form={form}
      layout="vertical"
      disabled={look.isPending || start.isPending}
      onValuesChange={() => setPlan(null)}
      onFinish={(typed) => {
        start.reset();
        look.mutate(typed);
      }}
      scrollToFirstError={{ block: "center" }}
    >
      {children}
      {refused && (
        <p className="form-missing" role="alert">
          <span aria-hidden="true">!</span> {problemWords(refused, text)}
        </p>
      )}
      {plan && <PlanWords plan={plan} />}
      <div className="form-foot">
        <Button type={ready ? "default" : "primary"} size="large" htmlType="submit" loading={look.isPending}>
          {plan ? words.again : words.look}
        </Button>
        {ready && (
          <Button type="primary" size="large" loading={start.isPending} onClick={() => start.mutate()}>
            {words.start}
          </Button>
        )}
        <Button size="large" onClick={close}>
          {text.cancel}
        </Button>
      </div>
    </Form>
  );
}

function PlanWords({ plan }: { plan: Plan }) {
  const words = useText().jobs;
  const shown = useRef<HTMLElement>(null);
  useEffect(() => shown.current?.scrollIntoView({ block: "nearest", behavior: "smooth" }), []);
  const total = plan.rows.reduce((sum, one) => sum + one.rows, 0);
  const parts: [string, string[]][] = [
    [words.problems, plan.problems.map((one) => one.problem)],
    [words.warnings, plan.warnings],
    [words.made, plan.regions_made],
    [words.endedCodes, plan.regions_ended],
    [words.loses, plan.loses],
    [words.gains, plan.gains],
  ];
  return (
    <section ref={shown} className="notice job-plan" aria-label={words.planTitle} aria-live="polite">
      <strong>{words.planTitle}</strong> <span className="faint">{words.nothing}</span>
      <p>{words.counts(plan.enterprises, plan.gateways, plan.open_warnings)}</p>
      {total > 0 && <p className="faint">{words.rows(total, plan.rows.length)}</p>}
      {parts
        .filter(([, lines]) => lines.length > 0)
        .map(([title, lines]) => (
          <div key={title}>
            <h3 className={title === words.problems ? "alarm-word" : ""}>{title}</h3>
            <ul>
              {lines.map((line) => (
                <li key={line}>{line}</li>
              ))}
            </ul>
          </div>
        ))}
    </section>
  );
}

/** A rule of a field that must be filled. */
export function needed(words: { missing: (field: string) => string }, label: string) {
  return [{ required: true, whitespace: true, message: words.missing(label) }];
}

/** The time that somebody typed, with this machine's zone; nothing typed: at once. */
export function moment(typed: unknown): string | null {
  return typeof typed === "string" && typed ? new Date(typed).toISOString() : null;
}
