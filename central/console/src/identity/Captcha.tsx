// A question for people: a picture, or a sum in words for those who do not see it; asked anew at a tap.

import { useQuery } from "@tanstack/react-query";
import { Button, Input, Space } from "antd";
import { useEffect, useState } from "react";
import { get, withQuery } from "../api/client.ts";
import type { CaptchaQuestion } from "../api/identity.ts";
import { useText } from "../locales/index.tsx";
import { problemWords } from "../parts/States.tsx";

export interface CaptchaAnswer {
  captcha_id: string;
  captcha: string;
}

interface Props {
  value?: CaptchaAnswer;
  onChange?: (answer: CaptchaAnswer) => void;
  /** Counts up whenever the last answer is spent. */
  round: number;
  id?: string;
}

export function Captcha({ value, onChange, round, id }: Props) {
  const text = useText();
  const [form, setForm] = useState<"picture" | "words">("picture");
  const asked = useQuery({
    queryKey: ["captcha", form, round],
    queryFn: ({ signal }) => get<CaptchaQuestion>(withQuery("/api/v1/session/captcha", { form }), signal),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchOnWindowFocus: false,
  });
  const number = asked.data?.id ?? "";
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new question begins with an empty answer
  useEffect(() => {
    if (number) onChange?.({ captcha_id: number, captcha: "" });
  }, [number]);
  return (
    <div className="captcha">
      <div className="captcha-question" aria-live="polite">
        {asked.isError ? (
          problemWords(asked.error, text)
        ) : asked.data?.image ? (
          <img src={asked.data.image} width={180} height={64} alt={text.login.captchaPicture} />
        ) : (
          asked.data?.question
        )}
      </div>
      <Input
        id={id}
        value={value?.captcha ?? ""}
        maxLength={16}
        autoComplete="off"
        aria-label={text.login.captcha}
        onChange={(event) => onChange?.({ captcha_id: number, captcha: event.target.value })}
      />
      <Space>
        <Button size="small" onClick={() => asked.refetch()} loading={asked.isFetching}>
          {text.login.captchaAgain}
        </Button>
        <Button size="small" onClick={() => setForm(form === "picture" ? "words" : "picture")}>
          {form === "picture" ? text.login.captchaInWords : text.login.captchaInPicture}
        </Button>
      </Space>
    </div>
  );
}
