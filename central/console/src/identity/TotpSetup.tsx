// The second factor: a picture for the authenticator app, its first code, and recovery codes shown once.

import { useMutation } from "@tanstack/react-query";
import { Button, Form, Input } from "antd";
import { send } from "../api/client.ts";
import type { Enrolment } from "../api/identity.ts";
import { useText } from "../locales/index.tsx";
import { problemWords } from "../parts/States.tsx";

export function TotpSetup({ done }: { done: () => void }) {
  const text = useText();
  const words = text.totp;
  const enrol = useMutation({
    mutationFn: async () => (await send<Enrolment>("POST", "/api/v1/profile/totp")).data,
  });
  const confirm = useMutation({
    mutationFn: async (code: string) =>
      (await send<{ codes: string[] }>("PUT", "/api/v1/profile/totp", { body: { code } })).data.codes,
  });
  if (confirm.data) return <RecoveryCodes codes={confirm.data} done={done} />;
  const error = confirm.error ?? enrol.error;
  return (
    <div className="totp">
      <p>{words.lead}</p>
      {enrol.data ? (
        <>
          <img src={enrol.data.picture} width={220} height={220} alt={words.picture} />
          <p>
            {words.secret} <code className="totp-secret">{enrol.data.secret}</code>
          </p>
          <Form<{ code: string }> layout="vertical" onFinish={({ code }) => confirm.mutate(code)}>
            <Form.Item
              name="code"
              label={words.code}
              rules={[{ required: true, message: text.login.codeMissing }]}
            >
              <Input inputMode="numeric" autoComplete="one-time-code" maxLength={6} />
            </Form.Item>
            <Button type="primary" htmlType="submit" loading={confirm.isPending}>
              {words.confirm}
            </Button>
          </Form>
        </>
      ) : (
        <Button type="primary" onClick={() => enrol.mutate()} loading={enrol.isPending}>
          {words.begin}
        </Button>
      )}
      {error && (
        <p className="form-missing" role="alert">
          <span aria-hidden="true">!</span> {problemWords(error, text)}
        </p>
      )}
    </div>
  );
}

export function RecoveryCodes({ codes, done }: { codes: string[]; done: () => void }) {
  const words = useText().totp;
  return (
    <div className="totp">
      <p>{words.codesLead}</p>
      <ul className="totp-codes">
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <Button type="primary" onClick={done}>
        {words.kept}
      </Button>
    </div>
  );
}
