// The same empty, loading and error picture on every page, and the words for a problem.

import { Button, Skeleton } from "antd";
import { Component, type ReactNode } from "react";
import { type BadField, Problem } from "../api/client.ts";
import { type Catalogue, useText } from "../locales/index.tsx";

/** One bad field as the centre said it: what is wrong, what would be right. */
export function fieldWords(field: BadField, text: Catalogue): string {
  const [problem = "", ...remedy] = [field.problem, field.remedy ?? ""].filter(Boolean).map(text.said);
  return [remedy.length ? problem.replace(/[。.]$/, "") : problem, ...remedy].join("，");
}

/**
 * A problem in plain words: what the centre said for people, or what its word or its status means.
 *
 * The centre speaks Chinese. In another language its known words are said by the catalogue; what the catalogue
 * does not know is told by its status, and the centre's sentence follows, for whoever is asked for help.
 */
export function problemWords(error: unknown, text: Catalogue): string {
  if (!(error instanceof Problem)) return text.error.other;
  if (!text.error.speaksChinese) {
    const known = text.problems[error.code] ?? statusWords(error.status, text);
    return error.detail && error.status < 500 && !text.problems[error.code]
      ? `${known} (${error.detail})`
      : known;
  }
  const fields = error.fields.map((field) => fieldWords(field, text));
  if (error.detail && error.status < 500) return [error.detail, ...fields].join("；");
  return statusWords(error.status, text);
}

function statusWords(status: number, text: Catalogue): string {
  if (status === 0) return text.error.network;
  if (status === 403) return text.error.forbidden;
  if (status === 404) return text.error.missing;
  if (status === 412 || status === 409) return text.error.changed;
  if (status === 400 || status === 422) return text.error.invalid;
  if (status === 413) return text.error.tooLarge;
  if (status === 429 || status === 503) return text.error.busy;
  return status >= 500 ? text.error.server : text.error.other;
}

export function Loading({ rows = 4 }: { rows?: number }) {
  const text = useText();
  return (
    <div className="loading" role="status" aria-label={text.loading}>
      <Skeleton active title={false} paragraph={{ rows }} />
    </div>
  );
}

export function Failed({ error, retry, missing }: { error: unknown; retry?: () => void; missing?: string }) {
  const text = useText();
  const gone = error instanceof Problem && error.status === 404;
  return (
    <div className="state-box" role="alert">
      <div className="state-mark" aria-hidden="true">
        {gone ? "∅" : "!"}
      </div>
      <p className="state-title">{gone && missing ? missing : problemWords(error, text)}</p>
      {retry && !gone && <Button onClick={retry}>{text.error.retry}</Button>}
    </div>
  );
}

export function Calm({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="state-box state-calm">
      <svg className="calm-mark" viewBox="0 0 48 48" aria-hidden="true">
        <path d="M16 42l2-17h12l2 17z" />
        <path d="M13 25v-7h5v3h3v-3h6v3h3v-3h5v7z" />
        <path d="M6 42h36" className="calm-ground" />
      </svg>
      <p className="state-title">{title}</p>
      {children && <p className="state-more">{children}</p>}
    </div>
  );
}

interface Broken {
  broken: boolean;
}

/** Keeps one broken page from taking the shell down, and says it in people's words. */
export class Boundary extends Component<{ children: ReactNode; fallback: ReactNode }, Broken> {
  state: Broken = { broken: false };

  static getDerivedStateFromError(): Broken {
    return { broken: true };
  }

  render() {
    return this.state.broken ? this.props.fallback : this.props.children;
  }
}

export function BrokenPage() {
  const text = useText();
  return (
    <div className="state-box" role="alert">
      <div className="state-mark" aria-hidden="true">
        !
      </div>
      <p className="state-title">{text.error.broken}</p>
      <p className="state-more">{text.error.brokenHelp}</p>
      <Button onClick={() => window.location.reload()}>{text.error.reload}</Button>
    </div>
  );
}
