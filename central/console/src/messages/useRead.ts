// Marks messages as read, at the centre: read on one device is read on all.

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { send } from "../api/client.ts";

export function useRead(): { one: (id: number) => void; all: () => void } {
  const client = useQueryClient();
  const mark = useMutation({
    mutationFn: (ids: number[] | null) => send<void>("POST", "/api/v1/messages/read", { body: { ids } }),
    onSettled: () => client.invalidateQueries({ queryKey: ["messages"] }),
  });
  return { one: (id) => mark.mutate([id]), all: () => mark.mutate(null) };
}
