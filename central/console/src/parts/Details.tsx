// What a record says, name and value; what is not known is left out or drawn as a dash, never as "null".

import type { ReactNode } from "react";

export type Detail = readonly [name: string, value: ReactNode];

export function Details({ items, dashes = false }: { items: readonly Detail[]; dashes?: boolean }) {
  const known = (value: ReactNode) => value !== null && value !== undefined && value !== "";
  return (
    <dl className="facts-list">
      {items
        .filter(([, value]) => dashes || known(value))
        .map(([name, value]) => (
          <div key={name} className="fact">
            <dt>{name}</dt>
            <dd>{known(value) ? value : <span className="faint">–</span>}</dd>
          </div>
        ))}
    </dl>
  );
}
