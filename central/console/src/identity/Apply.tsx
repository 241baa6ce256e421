// An enterprise that is not registered asks to be, and asks later how it went; nobody is signed in here.

import { useMutation, useQuery } from "@tanstack/react-query";
import { Button, Form, Input, Select } from "antd";
import { useState } from "react";
import { get, Problem, send, withQuery } from "../api/client.ts";
import { useLanguage, useText } from "../locales/index.tsx";
import { useTitle } from "../parts/Page.tsx";
import { fieldWords, problemWords } from "../parts/States.tsx";
import { Captcha, type CaptchaAnswer } from "./Captcha.tsx";

interface Choices {
  regions: { id: string; name: string }[];
  sectors: { id: string; name: string }[];
}

interface Typed {
  credit_code: string;
  name: string;
  county: string;
  town?: string;
  sector: string;
  address: string;
  contact_name: string;
  contact_phone: string;
  words?: string;
  question?: CaptchaAnswer;
}

const useChoices = (parent: string | undefined, enabled: boolean) =>
  useQuery({
    queryKey: ["application-choices", parent ?? ""],
    queryFn: ({ signal }) =>
      get<Choices>(withQuery("/api/v1/enterprise-applications/choices", { parent }), signal),
    staleTime: 600_000,
    enabled,
  });

export function Apply() {
  const { text, language, speak } = useLanguage();
  const words = text.apply;
  useTitle(words.title);
  return (
    <div className="apply">
      <header className="apply-head">
        <strong>{text.brand}</strong>
        <button type="button" onClick={() => speak(language === "en" ? "zh-CN" : "en")}>
          {text.subjectCodes.page.language}
        </button>
      </header>
      <main className="card apply-card">
        <h1 className="login-title">{words.title}</h1>
        <Applying />
        <Outcome />
        <p>
          <a href="/">{words.back}</a>
        </p>
      </main>
    </div>
  );
}

function Applying() {
  const text = useText();
  const words = text.apply;
  const forms = text.lifeForms;
  const [form] = Form.useForm<Typed>();
  const [round, setRound] = useState(0);
  const county = Form.useWatch("county", form);
  const first = useChoices(undefined, true);
  const towns = useChoices(county, Boolean(county));
  const ask = useMutation({
    mutationFn: ({ question, county: region, town, ...typed }: Typed) =>
      send<{ receipt: string }>("POST", "/api/v1/enterprise-applications", {
        body: {
          ...typed,
          words: typed.words ?? "",
          region_code: town || region,
          captcha_id: "",
          captcha: "",
          ...question,
        },
      }),
    onError: (error) => {
      setRound((n) => n + 1);
      if (!(error instanceof Problem)) return;
      for (const bad of error.fields) {
        const name = bad.place === "region_code" ? "county" : bad.place;
        form.setFields([{ name: name as keyof Typed, errors: [fieldWords(bad, text)] }]);
      }
    },
  });
  if (ask.isSuccess)
    return (
      <div role="status">
        <p>{words.receiptHelp}</p>
        <p className="apply-receipt">{ask.data.data.receipt}</p>
      </div>
    );
  const needed = (label: string) => [
    { required: true, whitespace: true, message: text.parts.missing(label) },
  ];
  const options = (list: { id: string; name: string }[] | undefined) =>
    (list ?? []).map((each) => ({ value: each.id, label: each.name }));
  return (
    <Form<Typed>
      form={form}
      layout="vertical"
      onFinish={(typed) => ask.mutate(typed)}
      disabled={ask.isPending}
    >
      <p className="faint form-lead">{words.lead}</p>
      <Form.Item
        name="credit_code"
        label={forms.creditCode}
        extra={forms.creditHelp}
        rules={needed(forms.creditCode)}
      >
        <Input maxLength={40} autoCapitalize="characters" spellCheck={false} />
      </Form.Item>
      <Form.Item name="name" label={forms.name} rules={needed(forms.name)}>
        <Input maxLength={100} autoComplete="organization" />
      </Form.Item>
      <Form.Item name="county" label={words.county} rules={needed(words.county)}>
        <Select
          showSearch={{ optionFilterProp: "label" }}
          loading={first.isPending}
          options={options(first.data?.regions)}
          onChange={() => form.setFieldValue("town", undefined)}
        />
      </Form.Item>
      <Form.Item name="town" label={words.town}>
        <Select
          showSearch={{ optionFilterProp: "label" }}
          allowClear
          disabled={!county}
          options={options(towns.data?.regions)}
        />
      </Form.Item>
      <Form.Item name="sector" label={words.sector} rules={needed(words.sector)}>
        <Select options={options(first.data?.sectors)} />
      </Form.Item>
      <Form.Item name="address" label={forms.address} rules={needed(forms.address)}>
        <Input maxLength={200} autoComplete="street-address" />
      </Form.Item>
      <Form.Item name="contact_name" label={forms.contact} rules={needed(forms.contact)}>
        <Input maxLength={60} autoComplete="name" />
      </Form.Item>
      <Form.Item name="contact_phone" label={forms.phone} rules={needed(forms.phone)}>
        <Input maxLength={20} inputMode="tel" autoComplete="tel" />
      </Form.Item>
      <Form.Item name="words" label={words.words}>
        <Input.TextArea maxLength={500} autoSize={{ minRows: 2, maxRows: 5 }} />
      </Form.Item>
      <Form.Item name="question" label={text.login.captcha}>
        <Captcha round={round} />
      </Form.Item>
      {ask.error && (
        <p className="login-problem" role="alert">
          <span aria-hidden="true">!</span> {problemWords(ask.error, text)}
        </p>
      )}
      <Button type="primary" size="large" block htmlType="submit" loading={ask.isPending}>
        {words.submit}
      </Button>
    </Form>
  );
}

interface Went {
  name: string;
  state: string;
  opinion: string;
}

function Outcome() {
  const text = useText();
  const words = text.apply;
  const ask = useMutation({
    mutationFn: (receipt: string) =>
      send<Went>("POST", "/api/v1/enterprise-applications/outcome", { body: { receipt } }),
  });
  const went = ask.data?.data;
  return (
    <section className="apply-outcome" aria-label={words.ask}>
      <h2>{words.ask}</h2>
      <Form<{ receipt: string }> layout="inline" onFinish={({ receipt }) => ask.mutate(receipt)}>
        <Form.Item
          name="receipt"
          rules={[{ required: true, min: 16, message: text.parts.missing(words.receipt) }]}
        >
          <Input
            maxLength={24}
            placeholder={words.receipt}
            aria-label={words.receipt}
            autoCapitalize="characters"
          />
        </Form.Item>
        <Button htmlType="submit" loading={ask.isPending}>
          {words.asking}
        </Button>
      </Form>
      {went && (
        <p role="status">
          <strong>{went.name}</strong>：{words.states[went.state]}
          {went.opinion && ` ${words.opinion(went.opinion)}`}
        </p>
      )}
      {ask.error && (
        <p className="login-problem" role="alert">
          <span aria-hidden="true">!</span> {problemWords(ask.error, text)}
        </p>
      )}
    </section>
  );
}
