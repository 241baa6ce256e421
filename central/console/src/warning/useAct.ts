// Answers a warning for the state that the user saw; when it changed meanwhile, shows what changed instead.

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { App } from "antd";
import { useState } from "react";
import { Problem, send } from "../api/client.ts";
import { warning } from "../api/queries.ts";
import type { WarningAction, WarningDetail } from "../api/types.ts";
import { useText } from "../locales/index.tsx";
import { problemWords } from "../parts/States.tsx";
import { forgetDraft } from "./draft.ts";

export interface Act {
  action: WarningAction;
  body: Record<string, unknown>;
}

export interface Collision {
  act: Act;
  seen: WarningDetail;
  current: WarningDetail;
}

export function useAct(view: WarningDetail) {
  const text = useText();
  const client = useQueryClient();
  const { message } = App.useApp();
  const [collision, setCollision] = useState<Collision | null>(null);
  const query = warning(view.id);

  const run = useMutation({
    mutationFn: async ({ act, seen }: { act: Act; seen: WarningDetail }) => {
      // The second person confirms a false alarm by the same call.
      const way = act.action === "confirm-false-alarm" ? "false-alarm" : act.action;
      const answer = await send<WarningDetail>("POST", `/api/v1/warnings/${view.id}/${way}`, {
        body: act.body,
        etag: seen.etag,
      });
      return { ...answer.data, etag: answer.etag ?? answer.data.etag };
    },
    onSuccess: (fresh, { act }) => {
      setCollision(null);
      forgetDraft(view.id);
      if (fresh?.id) client.setQueryData(query.queryKey, fresh);
      for (const key of ["warning", "warnings", "overview", "enterprises", "enterprise"])
        client.invalidateQueries({ queryKey: [key] });
      // At orange and red the first voice alone changes nothing yet.
      const proposed = act.action === "false-alarm" && fresh.state !== "false_alarm";
      message.success(proposed ? text.warning.done.proposed : text.warning.done[act.action], 4);
      window.scrollTo({ top: 0, behavior: "smooth" });
    },
    onError: async (error, { act, seen }) => {
      if (error instanceof Problem && error.status === 412) {
        const current = await client.fetchQuery({ ...query, staleTime: 0 }).catch(() => null);
        if (current) {
          setCollision({ act, seen, current });
          return;
        }
      }
      message.error(problemWords(error, text), 6);
    },
  });

  return {
    act: (act: Act, seen: WarningDetail = view) => run.mutate({ act, seen }),
    busy: run.isPending,
    collision,
    look: () => setCollision(null),
  };
}
