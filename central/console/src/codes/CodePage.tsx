// What a code says to whoever scans it: on a phone, without an account, with one glance whether it is genuine.

import { useQuery } from "@tanstack/react-query";
import { useParams } from "react-router";
import { Problem } from "../api/client.ts";
import { type Scanned, scanned } from "../api/codes.ts";
import { useLanguage, useText } from "../locales/index.tsx";
import { useTitle } from "../parts/Page.tsx";
import { Loading } from "../parts/States.tsx";

export function CodePage() {
  const { token = "" } = useParams();
  const { text, language, speak } = useLanguage();
  const words = text.subjectCodes.page;
  const said = useQuery(scanned(token));
  useTitle(said.data?.title ?? text.subjectCodes.title);
  return (
    <div className="code-page">
      <header className="code-head">
        <strong>{text.brand}</strong>
        <button type="button" onClick={() => speak(language === "en" ? "zh-CN" : "en")}>
          {words.language}
        </button>
      </header>
      <main>
        {said.isPending ? (
          <Loading rows={5} />
        ) : said.data ? (
          <Genuine said={said.data} token={token} />
        ) : (
          <Refused error={said.error} retry={() => said.refetch()} />
        )}
      </main>
    </div>
  );
}

function Genuine({ said, token }: { said: Scanned; token: string }) {
  const text = useText();
  const { language } = useLanguage();
  const words = text.subjectCodes.page;
  const english = language === "en";
  return (
    <>
      <p className="code-verdict">
        <span aria-hidden="true">✓</span> {words.genuine}
      </p>
      <h1 className="code-title">{said.title}</h1>
      <p className="faint">{english ? said.kind_title_en : said.kind_title}</p>
      {said.ways.length > 0 && (
        <section className="code-card" aria-label={said.reader === "staff" ? words.staff : words.official}>
          <h2>{said.reader === "staff" ? words.staff : words.official}</h2>
          {said.ways.map((way) => (
            <a key={way.link} className="code-way" href={way.link}>
              {english ? way.title_en : way.title}
              <span aria-hidden="true">›</span>
            </a>
          ))}
        </section>
      )}
      <section className="code-card" aria-label={words.public}>
        <dl>
          {said.facts.map((fact) => (
            <div key={fact.label}>
              <dt>{english ? fact.label_en : fact.label}</dt>
              <dd>
                {/^[0-9+][0-9 -]{6,}$/.test(fact.text) ? (
                  <a href={`tel:${fact.text.replace(/[^0-9+]/g, "")}`}>{fact.text}</a>
                ) : english ? (
                  fact.text_en
                ) : (
                  fact.text
                )}
              </dd>
            </div>
          ))}
          {said.agency && (
            <div>
              <dt>{words.agency}</dt>
              <dd>{said.agency}</dd>
            </div>
          )}
          <div>
            <dt>{words.report}</dt>
            <dd>{said.phone}</dd>
          </div>
        </dl>
        <a className="code-call" href={`tel:${said.phone.replace(/[^0-9+]/g, "")}`}>
          {words.call(said.phone)}
        </a>
      </section>
      {said.signed_in
        ? said.reader === "public" && <p className="faint">{words.elsewhere}</p>
        : said.reader === "public" && (
            <a className="code-sign-in" href={`/codes/open/${token}`}>
              {words.signIn}
            </a>
          )}
    </>
  );
}

function Refused({ error, retry }: { error: unknown; retry: () => void }) {
  const words = useText().subjectCodes.page;
  const code = error instanceof Problem ? error.code : "";
  if (code === "code-forged")
    return <Verdict mark="✕" title={words.forged} sentences={[words.forgedWhat]} bad />;
  if (code === "code-revoked") {
    const day = error instanceof Problem ? /\d{4}-\d{2}-\d{2}/.exec(error.detail)?.[0] : undefined;
    return (
      <Verdict
        mark="✕"
        title={words.revoked}
        sentences={[...(day ? [words.revokedOn(day)] : []), words.revokedWhat]}
        bad
      />
    );
  }
  if (code === "code-gone") return <Verdict mark="∅" title={words.gone} sentences={[]} />;
  const busy = error instanceof Problem && error.status === 429;
  return (
    <>
      <Verdict mark="!" title={busy ? words.busy : words.noNetwork} sentences={[]} />
      <button type="button" className="code-call" onClick={retry}>
        {words.again}
      </button>
    </>
  );
}

function Verdict({
  mark,
  title,
  sentences,
  bad = false,
}: {
  mark: string;
  title: string;
  sentences: readonly string[];
  bad?: boolean;
}) {
  return (
    <section className={bad ? "code-card code-bad" : "code-card"} role="alert">
      <div className="code-mark" aria-hidden="true">
        {mark}
      </div>
      <h1 className="code-title">{title}</h1>
      {sentences.map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
    </section>
  );
}
