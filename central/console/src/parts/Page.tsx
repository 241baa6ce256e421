// The frame of a page's parts: a title, a card with a heading; sets the window's title.

import { type ReactNode, useEffect } from "react";
import { useText } from "../locales/index.tsx";

export function useTitle(title: string): void {
  const text = useText();
  useEffect(() => {
    document.title = title ? `${title} · ${text.brand}` : text.brand;
  }, [title, text.brand]);
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
