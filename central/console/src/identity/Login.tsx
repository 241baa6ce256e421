// The way in: account and password, and nothing that hides what the product is.

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button, Form, Input } from "antd";
import { useState } from "react";
import { Problem, send } from "../api/client.ts";
import { session } from "../api/queries.ts";
import type { Me } from "../api/types.ts";
import { useText } from "../locales/index.tsx";
import { useTitle } from "../parts/Page.tsx";
import { problemWords } from "../parts/States.tsx";
import { LanguageSwitch } from "../shell/TopBar.tsx";

interface Entered {
  account: string;
  password: string;
}

export function Login({ expired }: { expired: boolean }) {
  const text = useText();
  const client = useQueryClient();
  const [capsLock, setCapsLock] = useState(false);
  useTitle(text.login.title);
  const enter = useMutation({
    mutationFn: (entered: Entered) => send<Me>("POST", "/api/v1/session", { body: entered }),
    onSuccess: ({ data }) => {
      // What another account saw must not show through; the session itself stays watched.
      client.removeQueries({ predicate: (query) => query.queryKey[0] !== "session" });
      client.setQueryData(session.queryKey, data);
    },
  });
  const words =
    enter.error instanceof Problem && enter.error.status === 401 && !enter.error.detail
      ? text.login.wrong
      : enter.error instanceof Problem && enter.error.status === 429 && !enter.error.detail
        ? text.login.locked
        : enter.error
          ? problemWords(enter.error, text)
          : expired
            ? text.login.signedOut
            : null;
  return (
    <div className="login">
      <div className="login-language">
        <LanguageSwitch />
      </div>
      <main className="login-card">
        <div className="login-brand">
          <img src="/beacon.svg" width={52} height={52} alt="" />
          <div>
            <h1>{text.brand}</h1>
            <p>{text.tagline}</p>
          </div>
        </div>
        <Form<Entered>
          layout="vertical"
          requiredMark={false}
          size="large"
          onFinish={(entered) => enter.mutate(entered)}
          disabled={enter.isPending}
        >
          <Form.Item
            name="account"
            label={text.login.account}
            rules={[{ required: true, whitespace: true, message: text.login.accountMissing }]}
          >
            <Input autoComplete="username" autoCapitalize="none" spellCheck={false} autoFocus />
          </Form.Item>
          <Form.Item
            name="password"
            label={text.login.password}
            rules={[{ required: true, message: text.login.passwordMissing }]}
            extra={capsLock ? text.login.capsLock : undefined}
          >
            <Input.Password
              autoComplete="current-password"
              onKeyUp={(event) => setCapsLock(event.getModifierState("CapsLock"))}
            />
          </Form.Item>
          {words && (
            <p className="login-problem" role="alert">
              <span aria-hidden="true">!</span> {words}
            </p>
          )}
          <Button type="primary" htmlType="submit" block loading={enter.isPending}>
            {text.login.submit}
          </Button>
        </Form>
      </main>
    </div>
  );
}
