// Saves the list as it is filtered, and narrowed at the top, as a file of this computer.

import { problemOf } from "../api/client.ts";
import { viewHeader } from "../api/view.ts";

/** Fetches lines from the centre and hands them to the browser; throws `Problem` for every refusal. */
export async function takeOut(path: string, name: string): Promise<void> {
  const view = viewHeader();
  const response = await fetch(path, {
    headers: view ? { "fengsui-view": view } : {},
    credentials: "same-origin",
  });
  if (!response.ok) throw await problemOf(response, path);
  const url = URL.createObjectURL(await response.blob());
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
