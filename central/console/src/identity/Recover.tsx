// For who cannot get in: the agency above is asked; whether there is such an account nobody learns here.

import { useMutation } from "@tanstack/react-query";
import { Button, Form, Input, Radio } from "antd";
import { useState } from "react";
import { send } from "../api/client.ts";
import { useText } from "../locales/index.tsx";
import { problemWords } from "../parts/States.tsx";
import { Captcha, type CaptchaAnswer } from "./Captcha.tsx";

interface Asked {
  kind: "password" | "appeal";
  account: string;
  applicant: string;
  contact: string;
  words?: string;
  question?: CaptchaAnswer;
}

export function Recover({ back }: { back: () => void }) {
  const text = useText();
  const words = text.recover;
  const [round, setRound] = useState(0);
  const ask = useMutation({
    mutationFn: ({ question, ...asked }: Asked) =>
      send("POST", "/api/v1/recovery-requests", {
        body: { words: "", captcha_id: "", captcha: "", ...asked, ...question },
      }),
    onError: () => setRound((n) => n + 1),
  });
  if (ask.isSuccess)
    return (
      <div role="status">
        <p>{words.taken}</p>
        <Button block size="large" onClick={back}>
          {words.back}
        </Button>
      </div>
    );
  const missing = (label: string) => [
    { required: true, whitespace: true, message: text.parts.missing(label) },
  ];
  return (
    <Form<Asked>
      layout="vertical"
      requiredMark={false}
      initialValues={{ kind: "password" }}
      onFinish={(asked) => ask.mutate(asked)}
      disabled={ask.isPending}
    >
      <h2 className="login-title">{words.title}</h2>
      <p className="faint form-lead">{words.lead}</p>
      <Form.Item name="kind" label={words.kind}>
        <Radio.Group
          options={[
            { value: "password", label: words.kinds.password },
            { value: "appeal", label: words.kinds.appeal },
          ]}
        />
      </Form.Item>
      <Form.Item name="account" label={text.login.account} rules={missing(text.login.account)}>
        <Input maxLength={64} autoCapitalize="none" spellCheck={false} autoComplete="username" />
      </Form.Item>
      <Form.Item name="applicant" label={words.applicant} rules={missing(words.applicant)}>
        <Input maxLength={60} autoComplete="name" />
      </Form.Item>
      <Form.Item
        name="contact"
        label={words.contact}
        rules={[...missing(words.contact), { min: 5, message: text.parts.missing(words.contact) }]}
      >
        <Input maxLength={60} inputMode="tel" autoComplete="tel" />
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
      <div className="form-foot">
        <Button type="primary" htmlType="submit" loading={ask.isPending}>
          {words.submit}
        </Button>
        <Button onClick={back}>{words.back}</Button>
      </div>
    </Form>
  );
}
