// The user's own settings: shown at once, told to the centre, taken back with words when it did not take them.

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { App } from "antd";
import { send } from "../api/client.ts";
import { type Settings, type SettingsChange, settings } from "../api/settings.ts";
import { useText } from "../locales/index.tsx";
import { problemWords } from "../parts/States.tsx";

export const UNSET: Settings = {
  language: null,
  sound: null,
  mode: null,
  density: null,
  hidden_kinds: null,
  columns: {},
  views: {},
};

function changed(before: Settings, change: SettingsChange): Settings {
  return {
    ...before,
    ...change,
    columns: joined(before.columns, change.columns),
    views: joined(before.views ?? {}, change.views),
  };
}

/** By list: what was named is changed, and with null it is gone. */
function joined<Kept>(before: Record<string, Kept>, change: Record<string, Kept | null> = {}) {
  const lists = { ...before };
  for (const [list, kept] of Object.entries(change)) {
    if (kept === null) delete lists[list];
    else lists[list] = kept;
  }
  return lists;
}

export function useSettings(): { settings: Settings; change: (wanted: SettingsChange) => void } {
  const text = useText();
  const client = useQueryClient();
  const { message } = App.useApp();
  const known = useQuery(settings).data ?? UNSET;
  const write = useMutation({
    mutationFn: (wanted: SettingsChange) =>
      send<Settings>("PATCH", "/api/v1/settings", { body: wanted }).then((answer) => answer.data),
    // One after the other: the answer of an earlier change must not undo a later one on screen.
    scope: { id: "settings" },
    onMutate: async (wanted) => {
      await client.cancelQueries({ queryKey: settings.queryKey });
      const before = client.getQueryData(settings.queryKey);
      client.setQueryData(settings.queryKey, changed(before ?? UNSET, wanted));
      return before;
    },
    onError: (error, _wanted, before) => {
      client.setQueryData(settings.queryKey, before);
      message.error(text.settings.notKept(problemWords(error, text)), 6);
    },
    onSuccess: (kept) => {
      if (client.isMutating() <= 1) client.setQueryData(settings.queryKey, kept);
    },
  });
  return { settings: known, change: write.mutate };
}
