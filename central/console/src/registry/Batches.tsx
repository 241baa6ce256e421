// Enterprises from a file of the market registration: chosen, checked row by row, then registered part by part.

import { DownloadOutlined, UploadOutlined } from "@ant-design/icons";
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Drawer, Segmented, Select } from "antd";
import { useRef, useState } from "react";
import { csrfToken, problemOf, send, withQuery } from "../api/client.ts";
import { type Batch, batchRows } from "../api/dossier.ts";
import { listOf } from "../api/list.ts";
import { sectors } from "../api/roles.ts";
import { useText } from "../locales/index.tsx";
import { Link } from "../parts/Link.tsx";
import { ListPage } from "../parts/ListPage.tsx";
import { Card } from "../parts/Page.tsx";
import { More } from "../parts/Rows.tsx";
import { Failed, fieldWords, Loading, problemWords } from "../parts/States.tsx";
import { usePhone } from "../parts/usePhone.ts";
import { When } from "../parts/When.tsx";
import { RegionSelect } from "../regions/RegionSelect.tsx";
import { REGISTRY_TABS, useRegistryTabs } from "./tabs.ts";

const API = "/api/v1/enterprise-batches";

async function upload(file: File, region: string, sector: string): Promise<Batch> {
  const form = new FormData();
  form.append("file", file, file.name);
  const path = withQuery(API, { region_code: region, sector });
  const response = await fetch(path, {
    method: "POST",
    headers: { accept: "application/json", "x-csrf-token": csrfToken() },
    credentials: "same-origin",
    body: form,
  });
  if (!response.ok) throw await problemOf(response, path);
  return response.json();
}

export function Batches() {
  const text = useText();
  const words = text.batches;
  const tabs = useRegistryTabs();
  const phone = usePhone();
  const client = useQueryClient();
  const [shown, setShown] = useState<Batch | null>(null);
  const again = () => client.invalidateQueries({ queryKey: ["enterprise-batches"] });
  return (
    <>
      <ListPage<Batch>
        name={REGISTRY_TABS.batches}
        title={words.title}
        note={words.note}
        tabs={tabs}
        query={listOf<Batch>("enterprise-batches", 20)}
        rows={{
          rowKey: (row) => row.id,
          name: (row) => row.name,
          open: setShown,
          columns: [
            {
              key: "name",
              title: words.file,
              width: "minmax(12rem, 2fr)",
              always: true,
              cell: (row) => (
                <span className="two-lines">
                  <strong>{row.name}</strong>
                  <span className="faint">{words.states[row.state]}</span>
                </span>
              ),
            },
            {
              key: "at",
              title: words.at,
              width: "minmax(9rem, 1fr)",
              cell: (row) => (
                <span className="two-lines">
                  <span>{row.made_by_name}</span>
                  <When at={row.made_at} brief />
                </span>
              ),
            },
            { key: "total", title: words.total, width: "5rem", end: true, cell: (row) => row.total },
            { key: "good", title: words.good, width: "5rem", end: true, cell: (row) => row.good },
            { key: "made", title: words.made, width: "5rem", end: true, cell: (row) => row.made },
            { key: "existing", title: words.existing, width: "5rem", end: true, cell: (row) => row.existing },
            { key: "bad", title: words.bad, width: "5rem", end: true, cell: (row) => row.bad },
          ],
        }}
        empty={words.empty}
        after={
          <Choose
            done={(batch) => {
              again();
              setShown(batch);
            }}
          />
        }
      />
      <Drawer
        title={shown?.name}
        open={shown !== null}
        onClose={() => setShown(null)}
        size={phone ? "100%" : 720}
        destroyOnHidden
      >
        {shown && (
          <Rows
            key={shown.id}
            batch={shown}
            changed={(batch) => {
              // Whoever closed it meanwhile is not called back to it.
              setShown((now) => (now?.id === batch.id ? batch : now));
              again();
              if (batch.state === "done") client.invalidateQueries({ queryKey: ["enterprises"] });
            }}
          />
        )}
      </Drawer>
    </>
  );
}

function Choose({ done }: { done: (batch: Batch) => void }) {
  const text = useText();
  const words = text.batches;
  const input = useRef<HTMLInputElement>(null);
  const [region, setRegion] = useState<string>();
  const [sector, setSector] = useState<string>();
  const known = useQuery(sectors);
  const check = useMutation({
    mutationFn: (file: File) => upload(file, region ?? "", sector ?? ""),
    onSuccess: done,
  });
  return (
    <Card title={words.choose}>
      <p className="faint">{words.columns}</p>
      <div className="batch-choose">
        <span>
          {words.region} <small className="faint">{words.regionHelp}</small>
        </span>
        <RegionSelect value={region} onChange={setRegion} label={words.region} />
        <span>{words.sector}</span>
        <Select
          aria-label={words.sector}
          allowClear
          value={sector}
          onChange={setSector}
          options={(known.data?.items ?? []).map((each) => ({ value: each.code, label: each.name }))}
        />
      </div>
      <input
        ref={input}
        type="file"
        accept=".xlsx,.csv"
        aria-label={words.choose}
        hidden
        onChange={(event) => {
          const file = event.target.files?.[0];
          if (file) check.mutate(file);
          event.target.value = "";
        }}
      />
      <Button
        type="primary"
        icon={<UploadOutlined />}
        loading={check.isPending}
        onClick={() => input.current?.click()}
      >
        {words.choose}
      </Button>
      {check.isError && (
        <p className="form-missing" role="alert">
          <span aria-hidden="true">!</span> {problemWords(check.error, text)}
        </p>
      )}
    </Card>
  );
}

function Rows({ batch, changed }: { batch: Batch; changed: (batch: Batch) => void }) {
  const text = useText();
  const words = text.batches;
  const [outcome, setOutcome] = useState(batch.bad ? "bad" : "");
  const list = useInfiniteQuery(batchRows(batch.id, outcome));
  const rows = list.data?.pages.flatMap((page) => page.items) ?? [];
  const run = useMutation({
    mutationFn: async () => {
      for (;;) {
        const now = (await send<Batch>("POST", `${API}/${batch.id}/run`)).data;
        changed(now);
        if (now.state === "done") return;
      }
    },
  });
  const number: Record<string, number> = {
    "": batch.total,
    good: batch.good,
    made: batch.made,
    existing: batch.existing,
    bad: batch.bad,
  };
  return (
    <>
      <div className="form-foot" style={{ flexWrap: "wrap" }}>
        {batch.good > 0 && (
          <Button type="primary" loading={run.isPending} onClick={() => run.mutate()}>
            {run.isPending ? words.running(batch.good) : words.run(batch.good)}
          </Button>
        )}
        <Button icon={<DownloadOutlined />} href={`${API}/${batch.id}/report.csv`}>
          {words.report}
        </Button>
      </div>
      {run.isError && (
        <p className="form-missing" role="alert">
          <span aria-hidden="true">!</span> {problemWords(run.error, text)}
        </p>
      )}
      <Segmented
        className="batch-outcomes"
        value={outcome}
        onChange={(value) => setOutcome(String(value))}
        options={["", "good", "made", "existing", "bad"]
          .filter((each) => each === "" || number[each])
          .map((each) => ({
            value: each,
            label: `${each ? words.outcomes[each] : words.every} ${number[each] ?? 0}`,
          }))}
      />
      {list.isPending ? (
        <Loading />
      ) : list.isError && !list.data ? (
        <Failed error={list.error} retry={() => list.refetch()} />
      ) : rows.length === 0 ? (
        <p className="quiet-line">{words.noRows}</p>
      ) : (
        <ul className="batch-rows">
          {rows.map((row) => (
            <li key={row.line}>
              <span className="faint">
                {words.line} {row.line} · {words.outcomes[row.outcome]}
              </span>
              <span>
                {row.enterprise_id ? (
                  <Link to={`/enterprises/${row.enterprise_id}`}>{row.name}</Link>
                ) : (
                  row.name
                )}{" "}
                <span className="faint">{row.credit_code}</span>
              </span>
              {row.problems.map((problem) => (
                <span key={problem.place + problem.problem} className="batch-problem">
                  {fieldWords(problem, text)}
                </span>
              ))}
            </li>
          ))}
        </ul>
      )}
      <More
        more={list.hasNextPage}
        busy={list.isFetchingNextPage}
        load={() => list.fetchNextPage()}
        total={rows.length}
      />
    </>
  );
}
