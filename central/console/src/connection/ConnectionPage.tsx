// What is connected now: devices by kind and state, major hazards by class, and enterprises, the worst first.

import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import {
  type ClassCount,
  type ConnectionOverview,
  connectionOverview,
  type EnterpriseConnection,
  type WholeState,
} from "../api/connection.ts";
import { listOf } from "../api/list.ts";
import { useText } from "../locales/index.tsx";
import { count } from "../parts/figures.ts";
import { Link } from "../parts/Link.tsx";
import { ListPage } from "../parts/ListPage.tsx";
import { Card, PageHead } from "../parts/Page.tsx";
import { Failed, Loading } from "../parts/States.tsx";
import { fullTime } from "../parts/time.ts";
import { When } from "../parts/When.tsx";
import { WholeWord } from "./StateWord.tsx";
import { useConnectionTabs } from "./tabs.ts";
import { useTakeOut } from "./takeOut.ts";

const query = listOf<EnterpriseConnection>("connections");
const WHOLE: readonly WholeState[] = ["offline", "partly", "abnormal", "none", "online"];

export const percent = (rate: number | null): string => (rate === null ? "–" : `${(rate * 100).toFixed(1)}%`);

export function ConnectionPage() {
  const text = useText();
  const words = text.connection;
  const tabs = useConnectionTabs();
  const view = useQuery(connectionOverview);
  const exportIt = useTakeOut("connections", words.title);
  return (
    <div className="page">
      <PageHead title={words.title} tabs={tabs} note={words.note} />
      {view.isPending ? (
        <Loading rows={3} />
      ) : view.isError && !view.data ? (
        <Failed error={view.error} retry={() => view.refetch()} />
      ) : (
        view.data && <Now view={view.data} />
      )}
      <ListPage<EnterpriseConnection>
        within
        name="connections"
        title={words.enterprises}
        query={query}
        exportIt={exportIt}
        fields={[
          {
            kind: "select",
            name: "state",
            label: words.state,
            options: [
              { value: "", label: words.allStates },
              ...WHOLE.map((value) => ({ value, label: words.whole[value] ?? value })),
            ],
          },
          {
            kind: "select",
            name: "hazard_class",
            label: words.classOf,
            options: [
              { value: "", label: words.classOf },
              ...[1, 2, 3, 4].map((n) => ({ value: String(n), label: text.hazardClass(n) })),
              { value: "0", label: words.noClass },
            ],
          },
          { kind: "text", name: "q", label: words.search },
        ]}
        rows={{
          rowKey: (row) => row.id,
          name: (row) => `${row.name} ${words.whole[row.state]}`,
          to: (row) => `/connections/devices?enterprise_id=${row.id}`,
          columns: [
            {
              key: "name",
              title: words.enterprise,
              width: "minmax(12rem, 2fr)",
              always: true,
              cell: (row) => (
                <span className="two-lines">
                  <strong>{row.name}</strong>
                  <span className="faint">
                    {row.region_name}
                    {row.hazard_class !== null && ` · ${text.hazardClass(row.hazard_class)}`}
                  </span>
                </span>
              ),
            },
            {
              key: "state",
              title: words.state,
              width: "minmax(8rem, 1fr)",
              always: true,
              cell: (row) => (
                <span className="two-lines">
                  <WholeWord state={row.state} />
                  <Beside row={row} />
                </span>
              ),
            },
            {
              key: "since",
              title: words.since,
              width: "minmax(10rem, 1fr)",
              cell: (row) => (row.since ? <When at={row.since} brief /> : null),
            },
            {
              key: "counts",
              title: words.counts,
              width: "minmax(8rem, .8fr)",
              cell: (row) => `${row.online} / ${row.abnormal} / ${row.offline}`,
            },
            {
              key: "rate",
              title: words.today,
              width: "7rem",
              end: true,
              cell: (row) => percent(row.rate_today),
            },
          ],
        }}
        empty={words.emptyFiltered}
        emptyAll={words.empty}
      />
    </div>
  );
}

function Beside({ row }: { row: EnterpriseConnection }) {
  const words = useText().connection;
  if (row.reported_until)
    return <span className="faint">{words.reportedUntil(fullTime(row.reported_until).slice(0, 16))}</span>;
  if (!row.warning_id) return null;
  return (
    <Link className="over" to={`/warnings/${row.warning_id}`}>
      {words.warned}
    </Link>
  );
}

function Now({ view }: { view: ConnectionOverview }) {
  const words = useText().connection;
  const offline = view.classes.reduce((sum, row) => sum + row.offline, 0);
  return (
    <div className="connection-now">
      <Card title={words.totals} className="connection-kinds">
        <div className="connection-tiles">
          {view.kinds.map((row) =>
            row.online + row.abnormal + row.offline === 0 && row.kind === "camera" ? (
              <p key={row.kind} className="connection-tile faint">
                {words.kinds[row.kind]}
                <br />
                {words.noCamera}
              </p>
            ) : (
              <div key={row.kind} className="connection-tile">
                <span>{words.kinds[row.kind]}</span>
                <strong>{count(row.online + row.abnormal + row.offline)}</strong>
                <span className="connection-tile-parts">
                  {(["online", "abnormal", "offline"] as const).map((state) => (
                    <Link key={state} to={`/connections/devices?kind=${row.kind}&state=${state}`}>
                      {words.states[state]} {count(row[state])}
                    </Link>
                  ))}
                </span>
              </div>
            ),
          )}
          <div className="connection-tile">
            <span>{words.rateToday}</span>
            <strong>{percent(view.rate_today)}</strong>
            <span className="connection-tile-parts">
              <Link to="/connections/rates">{words.tabs.rates}</Link>
            </span>
          </div>
          <div className="connection-tile">
            <span>{words.offlineEnterprises}</span>
            <strong>{count(offline)}</strong>
            <span className="connection-tile-parts">
              <Link to="/connections?state=offline">{words.enterprises}</Link>
            </span>
          </div>
        </div>
        {view.centre_away.slice(0, 3).map((away) => (
          <p key={away.began_at} className="faint">
            {words.centreAwayWords(fullTime(away.began_at), fullTime(away.ended_at))}
          </p>
        ))}
      </Card>
      <Card title={words.patrol}>
        <p className="faint">{words.patrolNote}</p>
        <div className="wide-table">
          <table className="plain-table">
            <thead>
              <tr>
                <th scope="col">{words.classOf}</th>
                <th scope="col">{words.total}</th>
                <th scope="col">{words.connected}</th>
                {WHOLE.map((state) => (
                  <th key={state} scope="col">
                    {words.whole[state]}
                  </th>
                ))}
                <th scope="col">{words.reported}</th>
              </tr>
            </thead>
            <tbody>
              {view.classes.map((row) => (
                <OfClass key={row.hazard_class ?? 0} row={row} />
              ))}
            </tbody>
          </table>
        </div>
      </Card>
    </div>
  );
}

function OfClass({ row }: { row: ClassCount }) {
  const text = useText();
  const words = text.connection;
  const connected = row.online + row.abnormal + row.partly + row.offline;
  const at = (state: string, n: number): ReactNode => (
    <Link to={`/connections?hazard_class=${row.hazard_class ?? 0}${state && `&state=${state}`}`}>
      {count(n)}
    </Link>
  );
  return (
    <tr>
      <th scope="row">{row.hazard_class === null ? words.noClass : text.hazardClass(row.hazard_class)}</th>
      <td>{at("", connected + row.none)}</td>
      <td>{at("online,abnormal,partly,offline", connected)}</td>
      {WHOLE.map((state) => (
        <td key={state}>{at(state, row[state])}</td>
      ))}
      <td>{count(row.reported)}</td>
    </tr>
  );
}
