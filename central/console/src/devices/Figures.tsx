// What a gateway measured of its own box, a column a version of its software, so that versions can be compared.

import { useQuery } from "@tanstack/react-query";
import { figures } from "../api/queries.ts";
import type { FiguresRow, MeasuredFigure } from "../api/types.ts";
import { useText } from "../locales/index.tsx";
import { measured } from "../parts/figures.ts";
import { Failed, Loading } from "../parts/States.tsx";
import { fullTime } from "../parts/time.ts";

const COLUMNS = 4;

/** In the order of the words in the catalogue; what that does not know comes last, by its own name. */
function names(rows: readonly FiguresRow[], words: Record<string, string>): string[] {
  const found = new Set(rows.flatMap((row) => row.figures.map(nameOf)));
  const known = Object.keys(words).filter((name) => found.has(name));
  return [...known, ...[...found].filter((name) => !(name in words))];
}

function nameOf(figure: MeasuredFigure): string {
  return `${figure.bench}.${figure.metric}`;
}

function shown(figure: MeasuredFigure | undefined): string {
  if (!figure) return "–";
  const { value, unit } = figure;
  const words =
    unit === "core"
      ? `${measured(value * 100)} %`
      : unit === "times"
        ? `${measured(value)} ×`
        : unit === "rows" || unit === "rounds"
          ? measured(value)
          : unit === "1/s"
            ? `${measured(value)} /s`
            : `${measured(value)} ${unit}`;
  // What stands beside the bare library is told as a ratio, too; of points that is no news.
  const beside = figure.baseline && figure.bench === "edge-spool" ? figure.value / figure.baseline : null;
  return beside === null ? words : `${words} (${measured(beside)} ×)`;
}

export function Figures({ gateway }: { gateway: string }) {
  const text = useText();
  const list = useQuery(figures(gateway));
  if (list.isPending) return <Loading rows={2} />;
  if (list.isError) return <Failed error={list.error} retry={() => list.refetch()} />;
  const rows = list.data.items.slice(0, COLUMNS);
  if (rows.length === 0) return <p className="faint">{text.devices.noFigures}</p>;
  return (
    <div className="figures">
      <table>
        <thead>
          <tr>
            <th scope="col">{text.devices.software}</th>
            {rows.map((row) => (
              <th scope="col" key={row.run}>
                <span className="two-lines">
                  <strong>{row.software}</strong>
                  <span className="faint">{fullTime(row.measured_at)}</span>
                  <span className="faint">
                    {row.machine.model} · {text.devices.box(row.machine.cores, row.machine.ram_mb)} · Python{" "}
                    {row.machine.python} · {text.devices.load} {measured(row.machine.load)}
                  </span>
                </span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {names(rows, text.devices.figure).map((name) => (
            <tr key={name}>
              <th scope="row">{text.devices.figure[name] ?? name}</th>
              {rows.map((row) => (
                <td className="number" key={row.run}>
                  {shown(row.figures.find((figure) => nameOf(figure) === name))}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
