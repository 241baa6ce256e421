// The rules of signing in of this installation, kept by who keeps security.

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button, Checkbox, Form, InputNumber } from "antd";
import { Problem, send } from "../api/client.ts";
import type { SignInRule } from "../api/identity.ts";
import { useText } from "../locales/index.tsx";
import { Card, PageHead } from "../parts/Page.tsx";
import { Failed, fieldWords, Loading, problemWords } from "../parts/States.tsx";

const NUMBERS = [
  ["min_length", 6, 64],
  ["min_classes", 1, 4],
  ["max_age_days", 0, 3650],
  ["no_reuse", 0, 24],
  ["initial_days", 1, 30],
  ["captcha_after", 0, 20],
  ["lock_after", 3, 20],
  ["lock_minutes", 1, 1440],
] as const;
const KINDS = ["supervisor", "administrator", "enterprise", "inspector", "installer"] as const;

export function SignInRules() {
  const text = useText();
  const words = text.signInRules;
  const client = useQueryClient();
  const { message } = App.useApp();
  const [form] = Form.useForm();
  const known = useQuery({
    queryKey: ["sign-in-rules"],
    queryFn: ({ signal }) => send<SignInRule>("GET", "/api/v1/session/rules", { signal }),
    refetchOnWindowFocus: false,
  });
  const keep = useMutation({
    mutationFn: (typed: Partial<SignInRule>) =>
      send<SignInRule>("PUT", "/api/v1/session/rules", {
        body: { ...known.data?.data, ...typed },
        etag: known.data?.etag,
      }),
    onSuccess: (answer) => {
      client.setQueryData(["sign-in-rules"], answer);
      message.success(text.parts.saved, 3);
    },
    onError: (error) => {
      if (!(error instanceof Problem)) return;
      for (const bad of error.fields) form.setFields([{ name: bad.place, errors: [fieldWords(bad, text)] }]);
    },
  });
  return (
    <div className="page page-narrow">
      <PageHead title={words.title} note={words.note} />
      <Card>
        {known.isPending ? (
          <Loading />
        ) : known.isError ? (
          <Failed error={known.error} retry={() => known.refetch()} />
        ) : (
          <Form
            form={form}
            layout="vertical"
            disabled={keep.isPending}
            initialValues={known.data.data}
            onFinish={(typed) => keep.mutate(typed)}
          >
            {NUMBERS.map(([name, least, most]) => (
              <Form.Item
                key={name}
                name={name}
                label={words.names[name]}
                extra={words.help[name]}
                rules={[{ required: true, message: text.parts.missing(words.names[name]) }]}
              >
                <InputNumber min={least} max={most} precision={0} />
              </Form.Item>
            ))}
            <Form.Item name="totp_kinds" label={words.totpKinds}>
              <Checkbox.Group options={KINDS.map((kind) => ({ value: kind, label: words.kinds[kind] }))} />
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
        )}
      </Card>
    </div>
  );
}
