// The frame of a page's parts: its head with tabs and actions, a card with a heading; sets the window's title.

import { type ReactNode, useEffect } from "react";
import { useLocation } from "react-router";
import { useText } from "../locales/index.tsx";
import { Link } from "./Link.tsx";

export function useTitle(title: string): void {
  const text = useText();
  useEffect(() => {
    document.title = title ? `${title} · ${text.brand}` : text.brand;
  }, [title, text.brand]);
}

export interface HeadTab {
  to: string;
  words: string;
}

/** The head of every page: title, tabs that are addresses, filters, actions at the end, a sentence below. */
export function PageHead({
  title,
  tabs,
  filters,
  actions,
  note,
  children,
}: {
  title: string;
  tabs?: readonly HeadTab[];
  filters?: ReactNode;
  actions?: ReactNode;
  note?: ReactNode;
  children?: ReactNode;
}) {
  const { pathname, search } = useLocation();
  useTitle(title);
  return (
    <>
      <div className="page-head">
        <h1 className="page-title">{title}</h1>
        {children}
        {filters && <div className="filters">{filters}</div>}
        {actions && <div className="page-actions">{actions}</div>}
      </div>
      {tabs && tabs.length > 1 && (
        <nav className="page-tabs" aria-label={title}>
          {tabs.map((tab) => {
            const here = tab.to.includes("?") ? tab.to === pathname + search : tab.to === pathname;
            return (
              <Link key={tab.to} to={tab.to} className="page-tab" aria-current={here ? "page" : undefined}>
                {tab.words}
              </Link>
            );
          })}
        </nav>
      )}
      {note && <p className="faint page-note">{note}</p>}
    </>
  );
}

export function Card({
  title,
  extra,
  children,
  className = "",
  label,
}: {
  title?: ReactNode;
  extra?: ReactNode;
  children: ReactNode;
  className?: string;
  label?: string;
}) {
  return (
    <section
      className={`card ${className}`}
      aria-label={label ?? (typeof title === "string" ? title : undefined)}
    >
      {(title || extra) && (
        <header className="card-head">
          <h2>{title}</h2>
          {extra && <div className="card-extra">{extra}</div>}
        </header>
      )}
      {children}
    </section>
  );
}
