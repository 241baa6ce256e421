// A table into a register: template, file, a try that writes nothing, what would happen, then the real thing.

import { DownloadOutlined, UploadOutlined } from "@ant-design/icons";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Progress, Segmented } from "antd";
import { useEffect, useRef, useState } from "react";
import { useParams, useSearchParams } from "react-router";
import { send, withQuery } from "../../api/client.ts";
import { type ImportJob, importJob, imports } from "../../api/imports.ts";
import { registerSchema } from "../../api/records.ts";
import { useLanguage, useText } from "../../locales/index.tsx";
import { Link } from "../../parts/Link.tsx";
import { Card, PageHead } from "../../parts/Page.tsx";
import { Calm, Failed, Loading, problemWords } from "../../parts/States.tsx";
import { Age } from "../../parts/When.tsx";
import { Crumbs } from "./Crumbs.tsx";
import { titleOf } from "./titles.ts";
import { sendForm } from "./upload.ts";

export function ImportPage() {
  const text = useText();
  const words = text.records.imports;
  const { language } = useLanguage();
  const { name = "" } = useParams();
  const [search, setSearch] = useSearchParams();
  const schema = useQuery(registerSchema(name));
  const list = useQuery({ ...imports(name), enabled: schema.isSuccess });
  const shown = Number(search.get("job")) || null;
  const show = (id: number) => setSearch({ job: String(id) }, { replace: true });
  if (schema.isError)
    return <Failed error={schema.error} retry={() => schema.refetch()} missing={text.records.noRegister} />;
  if (!schema.data) return <Loading rows={6} />;
  const entry = schema.data.register;
  if (!entry.may_write)
    return (
      <Calm title={text.records.mayNotWrite}>
        <Link to={`/registers/${name}`}>{words.toList}</Link>
      </Calm>
    );
  return (
    <div className="page record-page">
      <Crumbs entry={entry} />
      <PageHead title={words.title(titleOf(entry, language))} />
      <Card title={words.file}>
        <p className="import-template">
          <a href={`/api/v1/registers/${name}/template.xlsx`}>
            <DownloadOutlined /> {text.records.template}
          </a>{" "}
          <span className="faint">{words.templateHelp}</span>
        </p>
        <Send register={name} reviewed={entry.reviewed} sent={(job) => show(job.id)} />
      </Card>
      {shown !== null && <Job id={shown} key={shown} />}
      {list.data && list.data.length > 0 && (
        <Card title={words.before}>
          <ul className="import-list">
            {list.data.map((job) => (
              <li key={job.id}>
                <Button type="link" onClick={() => show(job.id)}>
                  {job.file_name}
                </Button>
                <span>{stateWords(job, words)}</span>
                <Age at={job.created_at} />
              </li>
            ))}
          </ul>
        </Card>
      )}
    </div>
  );
}

type Words = ReturnType<typeof useText>["records"]["imports"];

function stateWords(job: ImportJob, words: Words): string {
  return words.states[job.state] ?? job.state;
}

function Send({
  register,
  reviewed,
  sent,
}: {
  register: string;
  reviewed: boolean;
  sent: (job: ImportJob) => void;
}) {
  const text = useText();
  const words = text.records.imports;
  const client = useQueryClient();
  const input = useRef<HTMLInputElement>(null);
  const [part, setPart] = useState(0);
  const [submit, setSubmit] = useState(true);
  const start = useMutation({
    mutationFn: (file: File) => {
      const form = new FormData();
      form.append("file", file, file.name);
      const path = withQuery(`/api/v1/registers/${register}/imports`, {
        dry_run: "true",
        submit: String(submit),
      });
      return sendForm<ImportJob>(path, form, setPart);
    },
    onSuccess: (job) => {
      client.invalidateQueries({ queryKey: ["imports", register] });
      sent(job);
    },
  });
  return (
    <div className="import-send">
      <Segmented<"submit" | "draft">
        aria-label={words.as}
        value={submit ? "submit" : "draft"}
        onChange={(value) => setSubmit(value === "submit")}
        options={[
          { value: "submit", label: reviewed ? words.asSubmitted : words.asValid },
          { value: "draft", label: words.asDraft },
        ]}
      />
      <input
        ref={input}
        type="file"
        style={{ display: "none" }}
        tabIndex={-1}
        accept=".xlsx,.csv"
        aria-label={words.choose}
        onChange={(event) => {
          const [file] = event.target.files ?? [];
          event.target.value = "";
          if (file) {
            setPart(0);
            start.mutate(file);
          }
        }}
      />
      <Button
        type="primary"
        icon={<UploadOutlined />}
        loading={start.isPending}
        onClick={() => input.current?.click()}
      >
        {words.choose}
      </Button>
      <span className="faint">{words.tryHelp}</span>
      {start.isPending && <Progress percent={Math.round(part * 100)} />}
      {start.isError && (
        <p className="form-missing" role="alert">
          <span aria-hidden="true">!</span> {problemWords(start.error, text)}
        </p>
      )}
    </div>
  );
}

function Job({ id }: { id: number }) {
  const text = useText();
  const words = text.records.imports;
  const client = useQueryClient();
  const read = useQuery(importJob(id));
  const job = read.data;
  const ended = job?.state === "done";
  const register = job?.register;
  useEffect(() => {
    if (ended && register) client.invalidateQueries({ queryKey: [`registers/${register}`] });
  }, [ended, register, client]);
  const run = useMutation({
    mutationFn: (overwrite: boolean) =>
      send<ImportJob>("POST", withQuery(`/api/v1/imports/${id}/run`, { overwrite: String(overwrite) })),
    onSuccess: () => client.invalidateQueries({ queryKey: ["imports"] }),
  });
  if (read.isError && !job) return <Failed error={read.error} retry={() => read.refetch()} />;
  if (!job) return <Loading rows={3} />;
  const busy = job.state === "waiting" || job.state === "running";
  const tried = job.state === "checked";
  return (
    <Card title={job.file_name} extra={<strong>{stateWords(job, words)}</strong>} className="import-job">
      {busy && <Progress percent={job.total ? Math.floor((job.done / job.total) * 100) : 0} />}
      {busy && <p className="faint">{words.mayLeave}</p>}
      {job.error && (
        <p className="form-missing" role="alert">
          <span aria-hidden="true">!</span> {job.error}
        </p>
      )}
      {job.total !== null && !job.error && (
        <p className="import-sums">
          <Sum count={job.total} words={words.rows} />
          <Sum count={job.created} words={tried || job.dry_run ? words.wouldCreate : words.created} />
          <Sum count={job.changed} words={tried || job.dry_run ? words.wouldChange : words.changed} />
          <Sum count={job.unchanged} words={words.unchanged} />
          <Sum count={job.bad} words={words.bad} />
        </p>
      )}
      {job.notices.map((notice) => (
        <p key={notice} className="notice">
          {notice}
        </p>
      ))}
      {tried && job.outdated > 0 && <p className="notice">{words.outdated(job.outdated)}</p>}
      {job.problems.length > 0 && (
        <div className="row-table-box">
          <table className="row-table">
            <thead>
              <tr>
                <th scope="col">{words.row}</th>
                <th scope="col">{words.column}</th>
                <th scope="col">{words.problem}</th>
              </tr>
            </thead>
            <tbody>
              {job.problems.map((problem) => (
                <tr key={`${problem.sheet}.${problem.row}.${problem.column}.${problem.problem}`}>
                  <td data-label={words.row}>{words.at(problem.sheet, problem.row)}</td>
                  <td data-label={words.column}>{problem.column}</td>
                  <td data-label={words.problem}>
                    {problem.problem} {problem.remedy}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {run.isError && (
        <p className="form-missing" role="alert">
          <span aria-hidden="true">!</span> {problemWords(run.error, text)}
        </p>
      )}
      <div className="form-foot">
        {job.may_run && job.done > job.bad && (
          <Button type="primary" loading={run.isPending} onClick={() => run.mutate(false)}>
            {job.bad ? words.runGood(job.created + job.changed) : words.run}
          </Button>
        )}
        {job.may_run && job.outdated > 0 && (
          <Button loading={run.isPending} onClick={() => run.mutate(true)}>
            {words.overwrite(job.outdated)}
          </Button>
        )}
        {job.bad > 0 && !busy && (
          <Button icon={<DownloadOutlined />} href={`/api/v1/imports/${id}/report.xlsx`}>
            {words.report}
          </Button>
        )}
        {ended && <Link to={`/registers/${job.register}`}>{words.toList}</Link>}
      </div>
    </Card>
  );
}

function Sum({ count, words }: { count: number; words: string }) {
  return (
    <span className={count ? undefined : "faint"}>
      <strong className="number">{count}</strong> {words}
    </span>
  );
}
