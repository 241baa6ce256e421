// One way to speak to the centre: JSON over fetch, problem details as an error, CSRF header, ETag kept.

import { noteServerTime } from "../parts/clock.ts";
import { viewHeader } from "./view.ts";

export interface BadField {
  place: string;
  problem: string;
  remedy?: string;
}

/** What the centre (or the network) answered instead of what was asked for; `detail` is for people. */
export class Problem extends Error {
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  readonly fields: BadField[];
  /** The kebab-case word of the problem's type, such as "locked"; "" where there is none. */
  readonly code: string;

  constructor(status: number, title = "", detail = "", fields: BadField[] = [], code = "") {
    super(detail || title || String(status));
    this.status = status;
    this.title = title;
    this.detail = detail;
    this.fields = fields;
    this.code = code;
  }
}

export interface Answer<T> {
  data: T;
  etag: string | null;
}

interface Options {
  body?: unknown;
  etag?: string | null;
  signal?: AbortSignal;
  /** Asked of everything that one may see, whatever the pages are narrowed to. */
  wide?: boolean;
}

type Listener = () => void;
const signedOut = new Set<Listener>();

/** Calls `listener` when the centre says that nobody is signed in any more. */
export function onSignedOut(listener: Listener): () => void {
  signedOut.add(listener);
  return () => signedOut.delete(listener);
}

/** The double-submit cookie; over HTTPS its name is bound to this host. */
export function csrfToken(): string {
  for (const part of document.cookie.split("; ")) {
    const [name, value = ""] = part.split("=", 2);
    if (name === "__Host-fengsui_csrf" || name === "fengsui_csrf") return decodeURIComponent(value);
  }
  return "";
}

/** Sends one request; throws `Problem` for every answer that is not a success. */
export async function send<T>(method: string, path: string, options: Options = {}): Promise<Answer<T>> {
  const headers: Record<string, string> = { accept: "application/json" };
  if (options.body !== undefined) headers["content-type"] = "application/json";
  if (options.etag) headers["if-match"] = options.etag;
  const view = method === "GET" && !options.wide ? viewHeader() : null;
  if (view) headers["fengsui-view"] = view;
  if (method !== "GET") headers["x-csrf-token"] = csrfToken();
  const started = Date.now();
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      headers,
      credentials: "same-origin",
      signal: options.signal,
      body: options.body === undefined ? undefined : JSON.stringify(options.body),
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new Problem(0);
  }
  noteServerTime(response.headers.get("date"), started);
  if (!response.ok) throw await problemOf(response, path);
  const data = response.status === 204 ? undefined : await response.json();
  return { data: data as T, etag: response.headers.get("etag") };
}

/** What an answer that is no success says. */
export async function problemOf(response: Response, path: string): Promise<Problem> {
  if (response.status === 401 && path !== "/api/v1/session") for (const listener of signedOut) listener();
  try {
    const body = await response.json();
    return new Problem(
      response.status,
      body.title ?? "",
      body.detail ?? "",
      body.fields ?? [],
      lastPart(body.type),
    );
  } catch {
    return new Problem(response.status); // a proxy's page or nothing at all: the status is all we know
  }
}

function lastPart(type: unknown): string {
  return typeof type === "string" ? type.slice(type.lastIndexOf("/") + 1) : "";
}

export async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  return (await send<T>("GET", path, { signal })).data;
}

/** As `get`, but not narrowed by the areas and industries chosen at the top. */
export async function getWide<T>(path: string, signal?: AbortSignal): Promise<T> {
  return (await send<T>("GET", path, { signal, wide: true })).data;
}

/** Path with only those parameters that are set. */
export function withQuery(path: string, query: Record<string, string | number | null | undefined>): string {
  const parts = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== "") parts.set(name, String(value));
  }
  const text = parts.toString();
  return text ? `${path}?${text}` : path;
}
