// One's own account: name and telephone, password, second factor, where one is signed in, the latest sign-ins.

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button, Form, Input, Modal } from "antd";
import { useState } from "react";
import { Problem, send } from "../api/client.ts";
import type { OwnSession, Profile } from "../api/identity.ts";
import { useText } from "../locales/index.tsx";
import { Link } from "../parts/Link.tsx";
import { Card } from "../parts/Page.tsx";
import { Failed, fieldWords, Loading, problemWords } from "../parts/States.tsx";
import { Age, When } from "../parts/When.tsx";
import { PasswordForm } from "./PasswordForm.tsx";
import { RecoveryCodes, TotpSetup } from "./TotpSetup.tsx";

const KEY = ["profile"];

export function ProfileCards() {
  const known = useQuery({
    queryKey: KEY,
    queryFn: ({ signal }) => send<Profile>("GET", "/api/v1/profile", { signal, wide: true }),
  });
  if (known.isPending) return <Loading />;
  if (known.isError) return <Failed error={known.error} retry={() => known.refetch()} />;
  const { data, etag } = known.data;
  return (
    <>
      <About key={etag} profile={data} etag={etag} />
      <Secrets profile={data} />
      <Sessions sessions={data.sessions} />
      <SignIns profile={data} />
    </>
  );
}

function useAgain() {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: KEY });
}

function About({ profile, etag }: { profile: Profile; etag: string | null }) {
  const text = useText();
  const words = text.profile;
  const again = useAgain();
  const { message } = App.useApp();
  const [form] = Form.useForm();
  const keep = useMutation({
    mutationFn: (typed: object) => send("PATCH", "/api/v1/profile", { body: typed, etag }),
    onSuccess: () => {
      message.success(text.parts.saved, 3);
      again();
    },
    onError: (error) => {
      if (!(error instanceof Problem)) return;
      for (const bad of error.fields) form.setFields([{ name: bad.place, errors: [fieldWords(bad, text)] }]);
    },
  });
  return (
    <Card title={words.about}>
      <Form
        form={form}
        layout="vertical"
        disabled={keep.isPending}
        initialValues={{ display_name: profile.display_name, phone: profile.phone ?? "" }}
        onFinish={(typed) => keep.mutate(typed)}
      >
        <Form.Item label={text.login.account} extra={words.loginStays}>
          <Input value={profile.account} disabled />
        </Form.Item>
        <Form.Item
          name="display_name"
          label={words.name}
          rules={[{ required: true, whitespace: true, message: text.parts.missing(words.name) }]}
        >
          <Input maxLength={60} />
        </Form.Item>
        <Form.Item
          name="phone"
          label={words.phone}
          extra={profile.phone && !profile.phone_verified ? words.phoneUnverified : words.phoneHelp}
        >
          <Input maxLength={20} inputMode="tel" />
        </Form.Item>
        {keep.error && (
          <p className="form-missing" role="alert">
            <span aria-hidden="true">!</span> {problemWords(keep.error, text)}
          </p>
        )}
        <Button type="primary" htmlType="submit" loading={keep.isPending}>
          {text.parts.save}
        </Button>
      </Form>
    </Card>
  );
}

function Secrets({ profile }: { profile: Profile }) {
  const text = useText();
  const words = text.profile;
  const again = useAgain();
  const { message } = App.useApp();
  const [open, setOpen] = useState<"" | "password" | "totp" | "removal" | "codes">("");
  const close = () => {
    setOpen("");
    again();
  };
  return (
    <Card title={words.secrets}>
      <dl className="facts-list">
        <dt>{text.login.password}</dt>
        <dd>
          {words.passwordSince} <Age at={profile.password_changed_at} />
          {profile.password_until && (
            <>
              {" · "}
              {words.passwordUntil} <Age at={profile.password_until} />
            </>
          )}
        </dd>
        <dt>{text.totp.title}</dt>
        <dd>{profile.totp ? text.totp.on(profile.recovery_codes_left) : text.totp.off}</dd>
        {profile.linked_identities > 0 && (
          <>
            <dt>{words.identity}</dt>
            <dd>{words.linked}</dd>
          </>
        )}
      </dl>
      <div className="form-foot">
        <Button onClick={() => setOpen("password")}>{words.changePassword}</Button>
        {profile.totp ? (
          <>
            <Button onClick={() => setOpen("codes")}>{text.totp.newCodes}</Button>
            <Button onClick={() => setOpen("removal")}>{text.totp.remove}</Button>
          </>
        ) : (
          <Button onClick={() => setOpen("totp")}>{text.totp.begin}</Button>
        )}
        <Link to="/api-keys">{text.apiKeys.title}</Link>
      </div>
      <Modal
        open={open !== ""}
        onCancel={close}
        footer={null}
        destroyOnHidden
        title={open === "password" ? words.changePassword : text.totp.title}
      >
        {open === "password" && (
          <PasswordForm
            asksOld={profile.has_password}
            done={() => {
              message.success(words.passwordChanged, 4);
              close();
            }}
          />
        )}
        {open === "totp" && <TotpSetup done={close} />}
        {(open === "removal" || open === "codes") && <WithCode what={open} done={close} />}
      </Modal>
    </Card>
  );
}

/** What touches the second factor asks for a code of it first. */
function WithCode({ what, done }: { what: "removal" | "codes"; done: () => void }) {
  const text = useText();
  const act = useMutation({
    mutationFn: async (code: string) => {
      const path = what === "codes" ? "recovery-codes" : "removal";
      const answer = await send<{ codes: string[] } | undefined>("POST", `/api/v1/profile/totp/${path}`, {
        body: { code },
      });
      return answer.data?.codes ?? [];
    },
    onSuccess: (codes) => {
      if (!codes.length) done();
    },
  });
  if (act.data?.length) return <RecoveryCodes codes={act.data} done={done} />;
  return (
    <Form<{ code: string }> layout="vertical" onFinish={({ code }) => act.mutate(code)}>
      <Form.Item
        name="code"
        label={text.login.code}
        extra={text.login.codeHelp}
        rules={[{ required: true, message: text.login.codeMissing }]}
      >
        <Input autoComplete="one-time-code" maxLength={32} />
      </Form.Item>
      {act.error && (
        <p className="form-missing" role="alert">
          <span aria-hidden="true">!</span> {problemWords(act.error, text)}
        </p>
      )}
      <Button type="primary" danger={what === "removal"} htmlType="submit" loading={act.isPending}>
        {what === "codes" ? text.totp.newCodes : text.totp.remove}
      </Button>
    </Form>
  );
}

function Sessions({ sessions }: { sessions: OwnSession[] }) {
  const text = useText();
  const words = text.profile;
  const again = useAgain();
  const end = useMutation({
    mutationFn: (id: string) => send("DELETE", `/api/v1/profile/sessions/${id}`),
    onSettled: again,
  });
  return (
    <Card title={words.sessions}>
      <ul className="own-sessions">
        {sessions.map((one) => (
          <li key={one.id}>
            <div>
              <strong>{words.devices[one.device_kind] ?? one.device_kind}</strong> {one.address}
              <div className="faint">
                {words.seen} <Age at={one.seen_at} />
              </div>
            </div>
            {one.here ? (
              <span className="faint">{words.here}</span>
            ) : (
              <Button size="small" onClick={() => end.mutate(one.id)} loading={end.isPending}>
                {words.end}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </Card>
  );
}

function SignIns({ profile }: { profile: Profile }) {
  const words = useText().profile;
  return (
    <Card title={words.history}>
      <p className="faint">{words.historyHelp}</p>
      <ul className="own-sessions">
        {profile.sign_ins.slice(0, 10).map((one) => (
          <li key={one.at}>
            <When at={one.at} />
            <span>
              {one.done ? words.good : <strong>{words.refused}</strong>} · {one.address}
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
