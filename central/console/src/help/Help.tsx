// The article of the page that is open, the list of all articles, and a search over every word of them.

import { Input } from "antd";
import { useState } from "react";
import { useLocation } from "react-router";
import { useLanguage } from "../locales/index.tsx";
import { type Article, articleOf, search } from "./article.ts";
import { english } from "./en.ts";
import { chinese } from "./zh-CN.ts";

export function Help() {
  const { text, language } = useLanguage();
  const { pathname } = useLocation();
  const articles = language === "en" ? english : chinese;
  const [words, setWords] = useState("");
  const [chosen, setChosen] = useState<string | null>(null);
  const here = articleOf(articles, pathname);
  const shown = chosen === null ? here : articles.find((article) => article.key === chosen);
  const found = words.trim() ? search(articles, words) : articles;
  const look = (key: string) => {
    setChosen(key);
    setWords("");
  };
  return (
    <div className="help">
      <Input.Search
        allowClear
        aria-label={text.help.search}
        placeholder={text.help.search}
        value={words}
        onChange={(event) => setWords(event.target.value)}
        onSearch={() => found[0] && words.trim() && look(found[0].key)}
      />
      {!words.trim() && shown && <Text article={shown} />}
      <nav aria-label={text.help.all}>
        <h3>{words.trim() ? text.help.found(found.length) : text.help.all}</h3>
        <ul>
          {found.map((article) => (
            <li key={article.key}>
              <button
                type="button"
                className="quiet-link"
                aria-current={article === shown && !words.trim() ? "true" : undefined}
                onClick={() => look(article.key)}
              >
                {article.title}
              </button>
            </li>
          ))}
        </ul>
      </nav>
    </div>
  );
}

function Text({ article }: { article: Article }) {
  return (
    <article>
      <h2>{article.title}</h2>
      {article.text.map((line) =>
        line.startsWith("- ") ? (
          <p key={line} className="help-point">
            {line.slice(2)}
          </p>
        ) : (
          <p key={line}>{line}</p>
        ),
      )}
    </article>
  );
}
