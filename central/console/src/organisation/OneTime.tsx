// A one-time password, shown once to whoever hands it over; or that the account waits for its review.

import { App, Button, Modal } from "antd";
import { useText } from "../locales/index.tsx";

export interface Told {
  login: string;
  password: string | null;
  state: string;
}

export function OneTime({ told, close }: { told: Told | null; close: () => void }) {
  const text = useText();
  const words = text.organisation.accounts;
  const { message } = App.useApp();
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(told?.password ?? "");
      message.success(words.copied, 2);
    } catch {
      // Over plain HTTP no browser lets a page write the clipboard: the letters stand there to be read.
    }
  };
  return (
    <Modal
      title={told?.password ? words.password : told?.login}
      open={told !== null}
      onCancel={close}
      mask={{ closable: false }}
      footer={
        <>
          {told?.password && <Button onClick={copy}>{words.copy}</Button>}
          <Button type="primary" onClick={close}>
            {text.confirm}
          </Button>
        </>
      }
    >
      {told &&
        (told.password ? (
          <>
            <p style={{ fontSize: 26, fontFamily: "monospace", letterSpacing: 1 }}>{told.password}</p>
            <p>{words.passwordHelp(told.login)}</p>
          </>
        ) : (
          <p>{words.waits}</p>
        ))}
    </Modal>
  );
}
