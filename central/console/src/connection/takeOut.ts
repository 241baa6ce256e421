// Takes a list of connection out of the console as it is filtered.

import { App } from "antd";
import { withQuery } from "../api/client.ts";
import type { Filter } from "../api/list.ts";
import { useText } from "../locales/index.tsx";
import { problemWords } from "../parts/States.tsx";
import { takeOut } from "../warning/takeOut.ts";

export function useTakeOut(path: string, name: string): (filter: Filter) => void {
  const text = useText();
  const { message } = App.useApp();
  return (filter) => {
    takeOut(withQuery(`/api/v1/${path}/export.csv`, filter), `${name}.csv`).catch((error) =>
      message.error(problemWords(error, text), 6),
    );
  };
}
