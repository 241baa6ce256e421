// Thresholds of management warnings, edited in place for one's own area, and the enterprises beyond them.

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { useState } from "react";
import {
  type BeyondThreshold,
  beyondThresholds,
  endThreshold,
  type ManagementThreshold,
  managementThresholds,
  putThreshold,
} from "../api/patrol.ts";
import { useMay } from "../identity/me.tsx";
import { useText } from "../locales/index.tsx";
import { ConfirmReason } from "../parts/ConfirmReason.tsx";
import { EditDrawer } from "../parts/EditDrawer.tsx";
import { Link } from "../parts/Link.tsx";
import { ListPage } from "../parts/ListPage.tsx";
import { PageHead } from "../parts/Page.tsx";
import { Rows } from "../parts/Rows.tsx";
import { Failed, Loading } from "../parts/States.tsx";
import { fullTime } from "../parts/time.ts";
import { When } from "../parts/When.tsx";
import { RegionSelect } from "../regions/RegionSelect.tsx";
import "../styles/patrol.css";

export function Thresholds() {
  const text = useText();
  const words = text.thresholds;
  const may = useMay("thresholds");
  const client = useQueryClient();
  const asked = useQuery(managementThresholds);
  const sectors = asked.data?.sectors ?? [];
  const [edited, setEdited] = useState<ManagementThreshold | null>(null);
  const [ending, setEnding] = useState<ManagementThreshold | null>(null);
  const renew = () => client.invalidateQueries({ queryKey: ["management-thresholds"] });
  const unit = (item: string) => words.units[item] ?? "";
  const shown = (value: number, item: string) => `${Math.round(value * 10) / 10} ${unit(item)}`.trim();
  const named = (row: ManagementThreshold) => words.items[row.item] ?? row.item;
  const whom = (row: ManagementThreshold) =>
    row.sectors === null
      ? words.everybody
      : [
          ...row.sectors.map((code) => sectors.find((each) => each.code === code)?.name ?? code),
          ...(row.hazards ? [words.hazardsToo] : []),
        ].join("、");
  return (
    <div className="page">
      <PageHead title={words.title} note={words.note} />
      {asked.isPending ? (
        <Loading rows={8} />
      ) : asked.isError ? (
        <Failed error={asked.error} retry={() => asked.refetch()} />
      ) : (
        <section className="card card-flush" aria-label={words.title}>
          <Rows<ManagementThreshold>
            label={words.title}
            rows={asked.data.items}
            rowKey={(row) => row.id}
            name={named}
            columns={[
              {
                key: "item",
                title: words.item,
                width: "minmax(13rem, 1.6fr)",
                cell: (row) => (
                  <span className="two-lines">
                    <strong>{named(row)}</strong>
                    <span className="faint">{words.measures[row.item]}</span>
                  </span>
                ),
              },
              {
                key: "limit",
                title: words.limit,
                width: "minmax(9rem, 1fr)",
                cell: (row) =>
                  row.asked ? <strong>{words.rule(row.side, shown(row.limit, row.item))}</strong> : words.off,
              },
              {
                key: "region",
                title: words.region,
                width: "minmax(7rem, .8fr)",
                cell: (row) => (
                  <span className="two-lines">
                    <span>{row.region_name || words.everywhere}</span>
                    {row.valid_to && (
                      <span className="faint">{words.until(fullTime(row.valid_to).slice(0, 10))}</span>
                    )}
                  </span>
                ),
              },
              { key: "who", title: words.who, width: "minmax(9rem, 1fr)", cell: whom },
              {
                key: "source",
                title: words.source,
                width: "minmax(12rem, 1.4fr)",
                cell: (row) => (
                  <span className="two-lines">
                    <span>{row.source}</span>
                    {row.changed_by_name && (
                      <span className="faint">{words.changedBy(row.changed_by_name)}</span>
                    )}
                  </span>
                ),
              },
              {
                key: "beyond",
                title: words.beyond,
                width: "6rem",
                end: true,
                cell: (row) => {
                  const many = asked.data.counts.find((count) => count.item === row.item)?.many ?? 0;
                  return many ? (
                    <Link to={`/management-thresholds?item=${row.item}`}>{words.count(many)}</Link>
                  ) : (
                    <span className="faint">{words.none}</span>
                  );
                },
              },
              {
                key: "acts",
                title: "",
                width: "11rem",
                cell: (row) =>
                  may && (
                    <span className="patrol-acts">
                      <Button size="small" onClick={() => setEdited(row)}>
                        {row.own ? words.edit : words.editHere}
                      </Button>
                      {row.own && (
                        <Button size="small" onClick={() => setEnding(row)}>
                          {words.end}
                        </Button>
                      )}
                    </span>
                  ),
              },
            ]}
          />
        </section>
      )}
      <h2 className="section-title">{words.beyondTitle}</h2>
      <ListPage<BeyondThreshold>
        within
        name="beyond-thresholds"
        title={words.beyondTitle}
        query={beyondThresholds}
        empty={words.empty}
        fields={[
          {
            kind: "select",
            name: "item",
            label: words.item,
            width: 220,
            options: [
              { value: "", label: words.anyItem },
              ...Object.entries(words.items).map(([value, label]) => ({ value, label })),
            ],
          },
        ]}
        rows={{
          rowKey: (row) => row.id,
          name: (row) => `${row.enterprise_name} ${words.items[row.item]}`,
          columns: [
            {
              key: "enterprise",
              title: words.enterprise,
              width: "minmax(13rem, 1.6fr)",
              always: true,
              cell: (row) => (
                <span className="two-lines">
                  <Link to={`/enterprises/${row.enterprise_id}`}>{row.enterprise_name}</Link>
                  <span className="faint">{row.region_name}</span>
                </span>
              ),
            },
            {
              key: "item",
              title: words.item,
              width: "minmax(9rem, 1fr)",
              cell: (row) => words.items[row.item],
            },
            {
              key: "value",
              title: words.value,
              width: "7rem",
              end: true,
              cell: (row) => <strong>{shown(row.value, row.item)}</strong>,
            },
            {
              key: "limit",
              title: words.limit,
              width: "7rem",
              end: true,
              cell: (row) => shown(row.limit, row.item),
            },
            {
              key: "since",
              title: words.since,
              width: "minmax(12rem, 1fr)",
              cell: (row) => <When at={row.since} />,
            },
            {
              key: "warning",
              title: "",
              width: "7rem",
              cell: (row) =>
                row.warning_id && <Link to={`/warnings/${row.warning_id}`}>{words.warning}</Link>,
            },
          ],
        }}
      />
      <EditDrawer<ManagementThreshold>
        name={`management-threshold.${edited?.id ?? 0}`}
        title={edited ? words.editTitle(named(edited)) : ""}
        open={edited !== null}
        close={() => setEdited(null)}
        note={edited ? words.measures[edited.item] : ""}
        fields={[
          {
            name: "region",
            label: words.region,
            required: true,
            kind: "own",
            input: <RegionSelect label={words.region} />,
          },
          { name: "asked", label: words.asked, kind: "check" },
          {
            name: "limit",
            label: words.limit,
            kind: "number",
            required: true,
            least: 0,
            most: 100_000,
            unit: edited ? unit(edited.item) : "",
          },
          {
            name: "sectors",
            label: words.sectors,
            kind: "many",
            options: sectors.map((each) => ({ value: each.code, label: each.name })),
          },
          { name: "hazards", label: words.hazards, kind: "check" },
          { name: "source", label: words.source, required: true, max: 200 },
          { name: "last_day", label: words.lastDay, kind: "date", help: words.lastDayHelp },
        ]}
        initial={
          edited
            ? {
                region: edited.own ? edited.region : undefined,
                asked: edited.asked,
                limit: edited.limit,
                sectors: edited.sectors ?? [],
                hazards: edited.hazards,
                source: edited.own ? edited.source : "",
                last_day: null,
              }
            : {}
        }
        save={(values) => {
          const chosen = (values.sectors ?? []) as string[];
          return putThreshold({
            item: edited?.item,
            region: values.region,
            limit: values.limit,
            asked: Boolean(values.asked),
            sectors: chosen.length ? chosen : null,
            hazards: Boolean(values.hazards),
            source: values.source,
            last_day: values.last_day || null,
          });
        }}
        saved={() => {
          setEdited(null);
          renew();
        }}
      />
      {ending && (
        <ConfirmReason
          title={words.endTitle}
          what={words.endWhat}
          open
          close={() => setEnding(null)}
          run={(reason) => endThreshold(ending.id, reason)}
          done={renew}
        />
      )}
    </div>
  );
}
