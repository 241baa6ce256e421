// The way in: account and password, whatever else the rules ask, and the ways for who cannot get in.

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Form, Input } from "antd";
import { useState } from "react";
import { get, Problem, send, withQuery } from "../api/client.ts";
import { session } from "../api/queries.ts";
import type { Me } from "../api/types.ts";
import { useText } from "../locales/index.tsx";
import { useTitle } from "../parts/Page.tsx";
import { problemWords } from "../parts/States.tsx";
import { LanguageSwitch } from "../shell/TopBar.tsx";
import { Captcha, type CaptchaAnswer } from "./Captcha.tsx";
import { Recover } from "./Recover.tsx";

interface Entered {
  account: string;
  password: string;
  code?: string;
  question?: CaptchaAnswer;
}

export function Login({ expired }: { expired: boolean }) {
  const text = useText();
  const [lost, setLost] = useState(false);
  useTitle(text.login.title);
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
        {lost ? (
          <Recover back={() => setLost(false)} />
        ) : (
          <Enter expired={expired} lose={() => setLost(true)} />
        )}
      </main>
    </div>
  );
}

function Enter({ expired, lose }: { expired: boolean; lose: () => void }) {
  const text = useText();
  const client = useQueryClient();
  const [form] = Form.useForm<Entered>();
  const [capsLock, setCapsLock] = useState(false);
  const onWall = window.location.pathname === "/wall";
  const [asksCaptcha, setAsksCaptcha] = useState(false);
  const [asksCode, setAsksCode] = useState(false);
  const [round, setRound] = useState(0);
  const ways = useQuery({
    queryKey: ["session", "ways"],
    queryFn: ({ signal }) => get<{ oidc: string }>("/api/v1/session/ways", signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const enter = useMutation({
    mutationFn: ({ question, ...entered }: Entered) =>
      // A session of the wall never sleeps, and may look only.
      send<Me>("POST", "/api/v1/session", {
        body: { ...entered, ...question, ...(onWall ? { device: "wall" } : {}) },
      }),
    onSuccess: ({ data }) => {
      // What another account saw must not show through; the session itself stays watched.
      client.removeQueries({ predicate: (query) => query.queryKey[0] !== "session" });
      client.setQueryData(session.queryKey, data);
    },
    onError: (error) => {
      if (!(error instanceof Problem)) return;
      if (error.code === "captcha-required") setAsksCaptcha(true);
      if (error.code === "totp-required") setAsksCode(true);
      if (error.code === "totp-wrong") form.setFieldValue("code", "");
      setRound((n) => n + 1);
    },
  });
  return (
    <>
      {onWall && <p className="faint">{text.wall.signIn}</p>}
      <Form<Entered>
        form={form}
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
        {asksCode && (
          <Form.Item
            name="code"
            label={text.login.code}
            extra={text.login.codeHelp}
            rules={[{ required: true, message: text.login.codeMissing }]}
          >
            <Input autoComplete="one-time-code" inputMode="text" maxLength={32} autoFocus />
          </Form.Item>
        )}
        {asksCaptcha && (
          <Form.Item name="question" label={text.login.captcha}>
            <Captcha round={round} />
          </Form.Item>
        )}
        <Words error={enter.error} expired={expired} />
        <Button type="primary" htmlType="submit" block loading={enter.isPending}>
          {text.login.submit}
        </Button>
      </Form>
      {ways.data?.oidc && (
        <Button
          block
          size="large"
          className="login-other"
          href={withQuery("/api/v1/session/oidc/start", {
            next: window.location.pathname + window.location.hash,
          })}
        >
          {text.login.byIdentity(ways.data.oidc)}
        </Button>
      )}
      <button type="button" className="quiet-link login-lost" onClick={lose}>
        {text.login.lost}
      </button>
      <a className="quiet-link login-lost" href="/apply">
        {text.apply.link}
      </a>
    </>
  );
}

/** Why the last try did not go through, or why somebody stands at the door again. */
function Words({ error, expired }: { error: Error | null; expired: boolean }) {
  const text = useText();
  const brought = new URLSearchParams(window.location.search).get("problem") ?? "";
  const words =
    error instanceof Problem && error.status === 401 && !error.detail
      ? text.login.wrong
      : error instanceof Problem && error.status === 429 && !error.detail
        ? text.login.locked
        : error
          ? problemWords(error, text)
          : brought.startsWith("oidc-")
            ? (text.login.identityProblems[brought] ?? text.login.identityProblems["oidc-journey"])
            : expired
              ? text.login.signedOut
              : null;
  if (!words) return null;
  return (
    <p className="login-problem" role="alert">
      <span aria-hidden="true">!</span> {words}
    </p>
  );
}
