// What comes before anything else: one step after the other, each with its own form, the way out always open.

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Form, Input, Select, Steps } from "antd";
import { Problem, send } from "../api/client.ts";
import type { Me, Registration } from "../api/identity.ts";
import { session } from "../api/queries.ts";
import { useText } from "../locales/index.tsx";
import { useTitle } from "../parts/Page.tsx";
import { Failed, fieldWords, Loading, problemWords } from "../parts/States.tsx";
import { usePhone } from "../parts/usePhone.ts";
import { LanguageSwitch } from "../shell/TopBar.tsx";
import { PasswordForm } from "./PasswordForm.tsx";
import { TotpSetup } from "./TotpSetup.tsx";

export function FirstSteps({ me }: { me: Me }) {
  const text = useText();
  const phone = usePhone();
  const client = useQueryClient();
  useTitle(text.steps.title);
  const next = () => client.invalidateQueries({ queryKey: session.queryKey });
  const leave = useMutation({
    mutationFn: () => send<void>("DELETE", "/api/v1/session"),
    onSettled: () => window.location.assign("/"),
  });
  const step = me.steps[0];
  return (
    <div className="login">
      <div className="login-language">
        <LanguageSwitch />
      </div>
      <main className="login-card steps-card">
        <h1 className="page-title">{text.steps.title}</h1>
        <p className="faint form-lead">{text.steps.lead(me.display_name)}</p>
        <Steps
          size="small"
          orientation={phone ? "vertical" : "horizontal"}
          current={0}
          items={me.steps.map((one) => ({ title: text.steps.names[one] }))}
        />
        <section className="steps-body" aria-live="polite">
          {step === "password" && <PasswordForm done={next} />}
          {step === "totp" && <TotpSetup done={next} />}
          {step === "registration" && <RegistrationForm done={next} />}
          {step === "organisation" && <OrganisationCheck done={next} />}
        </section>
        <Button type="link" onClick={() => leave.mutate()}>
          {text.me.signOut}
        </Button>
      </main>
    </div>
  );
}

interface Typed {
  address: string;
  contact_name: string;
  contact_phone: string;
  agency_id: string;
  sector: string;
}

function RegistrationForm({ done }: { done: () => void }) {
  const text = useText();
  const words = text.registration;
  const [form] = Form.useForm<Typed>();
  const known = useQuery({
    queryKey: ["registration"],
    queryFn: ({ signal }) => send<Registration>("GET", "/api/v1/session/registration", { signal }),
    refetchOnWindowFocus: false,
  });
  const keep = useMutation({
    mutationFn: (typed: Typed) =>
      send("PUT", "/api/v1/session/registration", {
        body: { ...typed, agency_id: Number(typed.agency_id) },
        etag: known.data?.etag,
      }),
    onSuccess: done,
    onError: (error) => {
      if (!(error instanceof Problem)) return;
      for (const bad of error.fields)
        form.setFields([{ name: bad.place as keyof Typed, errors: [fieldWords(bad, text)] }]);
    },
  });
  if (known.isPending) return <Loading />;
  if (known.isError) return <Failed error={known.error} retry={() => known.refetch()} />;
  const { data } = known.data;
  const missing = (label: string) => [{ required: true, message: text.parts.missing(label) }];
  return (
    <Form<Typed>
      form={form}
      layout="vertical"
      disabled={keep.isPending}
      initialValues={{
        ...data,
        agency_id: data.agency_id === null ? undefined : String(data.agency_id),
        sector: data.sector === "other" ? undefined : data.sector,
      }}
      onFinish={(typed) => keep.mutate(typed)}
    >
      <dl className="facts-list">
        <dt>{words.name}</dt>
        <dd>{data.name}</dd>
        <dt>{words.creditCode}</dt>
        <dd>{data.credit_code}</dd>
      </dl>
      <Form.Item name="address" label={words.address} rules={missing(words.address)}>
        <Input maxLength={200} />
      </Form.Item>
      <Form.Item name="contact_name" label={words.contactName} rules={missing(words.contactName)}>
        <Input maxLength={60} />
      </Form.Item>
      <Form.Item name="contact_phone" label={words.contactPhone} rules={missing(words.contactPhone)}>
        <Input maxLength={20} inputMode="tel" />
      </Form.Item>
      <Form.Item name="agency_id" label={words.agency} rules={missing(words.agency)}>
        <Select options={data.agencies.map((one) => ({ value: one.id, label: one.name }))} />
      </Form.Item>
      <Form.Item name="sector" label={words.sector} rules={missing(words.sector)}>
        <Select options={data.sectors.map((one) => ({ value: one.id, label: one.name }))} />
      </Form.Item>
      {keep.error && (
        <p className="form-missing" role="alert">
          <span aria-hidden="true">!</span> {problemWords(keep.error, text)}
        </p>
      )}
      <Button type="primary" htmlType="submit" loading={keep.isPending}>
        {words.submit}
      </Button>
    </Form>
  );
}

function OrganisationCheck({ done }: { done: () => void }) {
  const text = useText();
  const check = useMutation({
    mutationFn: () => send("POST", "/api/v1/session/organisation"),
    onSuccess: done,
  });
  return (
    <div>
      <p>{text.steps.organisation}</p>
      {check.error && (
        <p className="form-missing" role="alert">
          <span aria-hidden="true">!</span> {problemWords(check.error, text)}
        </p>
      )}
      <Button type="primary" onClick={() => check.mutate()} loading={check.isPending}>
        {text.steps.organisationDone}
      </Button>
    </div>
  );
}
