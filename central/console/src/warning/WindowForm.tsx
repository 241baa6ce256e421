// The form of a window: of what, which kinds, why, from when until when; and whether red ones are to wait too.

import { useQuery } from "@tanstack/react-query";
import { Input, Select } from "antd";
import { useEffect, useMemo, useState } from "react";
import { points } from "../api/queries.ts";
import { linkChoices } from "../api/records.ts";
import {
  declareWindow,
  editWindow,
  longestWindows,
  type SuppressionWindow,
  type WindowSubject,
} from "../api/windows.ts";
import { useMe } from "../identity/me.tsx";
import { useText } from "../locales/index.tsx";
import { EditDrawer, type EditField } from "../parts/EditDrawer.tsx";
import { instrumentName } from "../parts/instrument.ts";
import { fullTime } from "../parts/time.ts";

/** What work on the equipment causes; the centre refuses every other kind. */
export const HELD_KINDS = ["alarm", "quality", "presence", "connection", "patrol", "output", "sounder"];
const SUBJECTS: readonly WindowSubject[] = ["point", "instrument", "gateway", "enterprise"];
const HOUR_MS = 3_600_000;

interface Subject {
  enterprise_id?: number | undefined;
  subject_type?: WindowSubject | undefined;
  subject_id?: string | undefined;
}

/** A moment as the browser's own control takes it, in the zone of the jurisdiction. */
const typed = (at: string | number) => fullTime(at).replace(" ", "T").slice(0, 16);
const moment = (value: unknown) => `${String(value)}:00+08:00`;

interface Props {
  open: boolean;
  /** Edited; null: a new one is declared. */
  row: SuppressionWindow | null;
  close: () => void;
  saved: () => void;
}

export function WindowForm({ open, row, close, saved }: Props) {
  const text = useText();
  const words = text.windows;
  const me = useMe();
  const [enterpriseId, setEnterpriseId] = useState<number | null>(null);
  const limits = useQuery({
    ...longestWindows(row?.enterprise_id ?? enterpriseId ?? me.enterprise_id ?? 0),
    enabled: open && (row?.enterprise_id ?? enterpriseId ?? me.enterprise_id) !== null,
  });
  const longest = (limits.data ?? [])
    .map((one) =>
      words.longest(words.categories[one.category] ?? "", words.hours(one.longest_s / 3_600), one.source),
    )
    .join("；");
  const initial = useMemo(() => {
    const now = Date.now();
    return row
      ? {
          reason: row.reason,
          permit_no: row.permit_no,
          kinds: row.kinds,
          starts_at: typed(row.starts_at),
          ends_at: typed(row.ends_at),
          holds_red: row.holds_red,
        }
      : {
          category: "maintenance",
          kinds: [],
          permit_no: "",
          starts_at: typed(now),
          ends_at: typed(now + 4 * HOUR_MS),
          holds_red: false,
        };
  }, [row]);
  const begun = row?.state === "current";
  const fields: EditField[] = [
    ...(row
      ? []
      : [
          {
            name: "category",
            label: words.category,
            kind: "select" as const,
            required: true,
            options: Object.entries(words.categories).map(([value, label]) => ({ value, label })),
          },
          {
            name: "subject_id",
            label: words.subject,
            kind: "own" as const,
            required: true,
            help: words.subjectHelp,
            input: <SubjectPicker enterprise={setEnterpriseId} />,
          },
        ]),
    { name: "reason", label: words.reason, kind: "long", required: true, max: 500 },
    { name: "permit_no", label: words.permitNo, max: 64 },
    {
      name: "starts_at",
      label: words.from,
      kind: "own",
      required: true,
      input: <Input type="datetime-local" disabled={begun} />,
    },
    {
      name: "ends_at",
      label: words.to,
      kind: "own",
      required: true,
      help: longest,
      input: <Input type="datetime-local" />,
    },
    {
      name: "kinds",
      label: words.kinds,
      kind: "many",
      help: words.kindsHelp,
      options: HELD_KINDS.map((value) => ({ value, label: text.levels.kinds[value] ?? value })),
    },
    { name: "holds_red", label: words.redsAsk, kind: "check" },
  ];
  return (
    <EditDrawer<SuppressionWindow>
      name={`suppression-window.${row?.id ?? "new"}`}
      title={row ? `${words.editTitle} · ${row.subject_name}` : words.declare}
      note={words.declareNote}
      submit={row ? text.parts.save : words.submit}
      open={open}
      close={close}
      initial={initial}
      etag={row ? `"${row.version}"` : null}
      fields={fields}
      save={(values, etag) => {
        const { subject_id, ...rest } = values;
        const subject = (subject_id ?? {}) as Subject;
        const body = {
          ...rest,
          kinds: values.kinds ?? [],
          permit_no: values.permit_no ?? "",
          starts_at: begun && row ? row.starts_at : moment(values.starts_at),
          ends_at: moment(values.ends_at),
        };
        return row
          ? editWindow(row.id, body, etag ?? "")
          : declareWindow({
              ...body,
              subject_type: subject.subject_type ?? "point",
              subject_id: subject.subject_id ?? "",
            });
      }}
      saved={saved}
    />
  );
}

/** First whose, then how much of it, then which one. */
function SubjectPicker({
  value = {},
  onChange,
  enterprise,
}: {
  value?: Subject;
  onChange?: (value: Subject | undefined) => void;
  enterprise: (id: number) => void;
}) {
  const text = useText();
  const words = text.windows;
  const me = useMe();
  const [search, setSearch] = useState("");
  const [asked, setAsked] = useState("");
  const owner = value.enterprise_id ?? me.enterprise_id ?? undefined;
  const kind = value.subject_type ?? "point";
  useEffect(() => {
    const wait = setTimeout(() => setAsked(search.trim()), 250);
    return () => clearTimeout(wait);
  }, [search]);
  const found = useQuery({ ...linkChoices("enterprise", asked), enabled: me.enterprise_id === null });
  const gateways = useQuery({
    ...linkChoices("gateway", "", owner),
    enabled: owner !== undefined && kind === "gateway",
  });
  const all = useQuery({
    ...points({ enterprise_id: owner ?? 0 }),
    enabled: owner !== undefined && (kind === "point" || kind === "instrument"),
  });
  const choose = (next: Subject) => onChange?.(next);
  const options = {
    enterprise: [] as { value: string; label: string }[],
    gateway: (gateways.data ?? []).map((one) => ({ value: String(one.id), label: one.label })),
    instrument: [
      ...new Map(
        (all.data?.items ?? []).map((one) => [
          `${one.gateway_id}/${one.source}`,
          `${instrumentName(one.source, text)}（${one.gateway_id}）`,
        ]),
      ),
    ].map(([id, label]) => ({ value: id, label })),
    point: (all.data?.items ?? []).map((one) => ({
      value: String(one.id),
      label: `${one.name}（${one.key}）`,
    })),
  }[kind];
  return (
    <div className="window-subject">
      {me.enterprise_id === null && (
        <Select
          aria-label={words.enterprise}
          placeholder={words.choose.enterprise}
          showSearch={{ filterOption: false, onSearch: setSearch }}
          value={value.enterprise_id}
          loading={found.isFetching}
          options={(found.data ?? []).map((one) => ({ value: Number(one.id), label: one.label }))}
          onChange={(id: number) => {
            enterprise(id);
            choose({
              enterprise_id: id,
              subject_type: kind,
              subject_id: kind === "enterprise" ? String(id) : undefined,
            });
          }}
        />
      )}
      <Select
        aria-label={words.subject}
        value={kind}
        options={SUBJECTS.map((one) => ({ value: one, label: words.subjects[one] }))}
        onChange={(next: WindowSubject) =>
          choose({
            enterprise_id: owner,
            subject_type: next,
            subject_id: next === "enterprise" && owner !== undefined ? String(owner) : undefined,
          })
        }
      />
      {kind !== "enterprise" && (
        <Select
          aria-label={words.subjects[kind]}
          placeholder={words.choose[kind]}
          disabled={owner === undefined}
          showSearch={{ optionFilterProp: "label" }}
          value={value.subject_id}
          options={options}
          onChange={(id: string) => choose({ enterprise_id: owner, subject_type: kind, subject_id: id })}
        />
      )}
    </div>
  );
}
