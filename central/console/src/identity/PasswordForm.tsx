// Another password: the old one, the new one twice, and every rule that the new one breaks in one answer.

import { useMutation } from "@tanstack/react-query";
import { Button, Form, Input } from "antd";
import { Problem, send } from "../api/client.ts";
import { useText } from "../locales/index.tsx";
import { fieldWords, problemWords } from "../parts/States.tsx";

interface Typed {
  old?: string;
  password: string;
  again: string;
}

export function PasswordForm({ asksOld = true, done }: { asksOld?: boolean; done: () => void }) {
  const text = useText();
  const words = text.password;
  const [form] = Form.useForm<Typed>();
  const change = useMutation({
    mutationFn: (typed: Typed) =>
      send("PUT", "/api/v1/profile/password", { body: { old: typed.old ?? "", password: typed.password } }),
    onSuccess: () => {
      form.resetFields();
      done();
    },
    onError: (error) => {
      if (!(error instanceof Problem)) return;
      for (const name of ["old", "password"] as const) {
        const bad = error.fields.filter((field) => field.place === name);
        form.setFields([{ name, errors: bad.map((field) => fieldWords(field, text)) }]);
      }
    },
  });
  const placed = change.error instanceof Problem && change.error.fields.length > 0;
  return (
    <Form<Typed>
      form={form}
      layout="vertical"
      requiredMark={false}
      disabled={change.isPending}
      onFinish={(typed) => change.mutate(typed)}
    >
      {asksOld && (
        <Form.Item
          name="old"
          label={words.old}
          rules={[{ required: true, message: text.parts.missing(words.old) }]}
        >
          <Input.Password autoComplete="current-password" />
        </Form.Item>
      )}
      <Form.Item
        name="password"
        label={words.fresh}
        extra={words.help}
        rules={[{ required: true, message: text.parts.missing(words.fresh) }]}
      >
        <Input.Password autoComplete="new-password" />
      </Form.Item>
      <Form.Item
        name="again"
        label={words.again}
        dependencies={["password"]}
        rules={[
          ({ getFieldValue }) => ({
            validator: (_, value) =>
              value && value === getFieldValue("password")
                ? Promise.resolve()
                : Promise.reject(new Error(words.differ)),
          }),
        ]}
      >
        <Input.Password autoComplete="new-password" />
      </Form.Item>
      {change.error && !placed && (
        <p className="form-missing" role="alert">
          <span aria-hidden="true">!</span> {problemWords(change.error, text)}
        </p>
      )}
      <Button type="primary" htmlType="submit" loading={change.isPending}>
        {words.submit}
      </Button>
    </Form>
  );
}
