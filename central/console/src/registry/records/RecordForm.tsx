// The form of one record: fields by blocks, drafts here and on the centre, every problem at its field, and both
// versions side by side where somebody else was faster.

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { App, Button, Form, Input, Segmented } from "antd";
import { type ComponentProps, useEffect, useMemo, useRef, useState } from "react";
import { useLocation, useNavigate } from "react-router";
import { type BadField, Problem, send } from "../../api/client.ts";
import {
  type ReadRecord,
  type RecordDetail,
  type RegisterEntry,
  record,
  type Values,
} from "../../api/records.ts";
import { useMe } from "../../identity/me.tsx";
import { useLanguage, useText } from "../../locales/index.tsx";
import { now as timeNow } from "../../parts/clock.ts";
import { forgetDraft, keepDraft, readDraft } from "../../parts/draft.ts";
import { Card } from "../../parts/Page.tsx";
import { fieldWords, problemWords } from "../../parts/States.tsx";
import { fullTime, timeOfDay } from "../../parts/time.ts";
import { Again, dayOf } from "./Again.tsx";
import { Conflict } from "./Conflict.tsx";
import { Fields } from "./Fields.tsx";
import { FormAroundProvider } from "./FormContext.tsx";
import { type Owner, OwnerPicker } from "./OwnerPicker.tsx";
import { type FormProblem, Problems } from "./Problems.tsx";
import { SectionList } from "./SectionList.tsx";
import { type Field, headingOf, labelOf, type Section, sectionsOf } from "./spec.ts";
import { useServerDraft } from "./useServerDraft.ts";
import {
  anchorOf,
  type Clash,
  cleaned,
  faultsOf,
  fieldAt,
  isAsked,
  isEmpty,
  leavesOf,
  merged,
  type Place,
  placeOf,
  sameValue,
  shownPlace,
  valueAt,
} from "./values.ts";

interface Props {
  entry: RegisterEntry;
  fields: readonly Field[];
  /** The record as it was read; null: a new one. */
  read: ReadRecord | null;
  /** Whose a new one is, as the link said. */
  owner: Owner;
}

interface Kept {
  id: number;
  etag: string | null;
}

/** What was typed and not handed in: with what it began from, so that nobody's later change is undone by it. */
interface Draft {
  values?: Values;
  kept?: Kept | null;
  owner?: Owner;
  base?: Values;
}

interface Overtaken {
  by: string;
  at: string;
  clashes: Clash[];
  taken: number;
  values: Values;
  base: Values;
  kept: Kept;
}

/** More parts than this get a list to jump by. */
const MANY_SECTIONS = 3;

export function RecordForm({ entry, fields, read, owner: given }: Props) {
  const text = useText();
  const words = text.records;
  const { language } = useLanguage();
  const me = useMe();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { message } = App.useApp();
  const [form] = Form.useForm<Values>();
  const { state: told } = useLocation() as { state: { wrong?: BadField[] } | null };
  // A new record for somebody else is another draft.
  const whose = given.enterprise_id
    ? `.e${given.enterprise_id}`
    : given.agency_id
      ? `.a${given.agency_id}`
      : "";
  const freshName = `${me.account}.register.${entry.name}.new`;
  const draftName = read ? `${me.account}.register.${entry.name}.${read.record.id}` : `${freshName}${whose}`;
  const [draft] = useState(() => readDraft(draftName) as Draft | null);
  const [restored, setRestored] = useState(Boolean(draft?.values && !isEmpty(draft.values)));
  const [kept, setKeptShown] = useState<Kept | null>(
    read ? { id: read.record.id, etag: read.etag } : (draft?.kept ?? null),
  );
  const [base, setBaseShown] = useState<Values>(read?.record.values ?? draft?.base ?? {});
  // What is sent next goes by what the centre said last, not by what was drawn last.
  const last = useRef({ kept, base });
  const setKept = (now: Kept | null) => {
    last.current.kept = now;
    setKeptShown(now);
  };
  const setBase = (now: Values) => {
    last.current.base = now;
    setBaseShown(now);
  };
  const [owner, setOwner] = useState<Owner>(draft?.owner ?? given);
  const [reason, setReason] = useState("");
  const [validFrom, setValidFrom] = useState(read?.record.valid_from ?? "");
  const [problems, setProblems] = useState<FormProblem[]>([]);
  const [general, setGeneral] = useState("");
  const [showing, setShowing] = useState(0);
  const [overtaken, setOvertaken] = useState<Overtaken | null>(() =>
    read && draft?.values && draft.base && draft.kept && draft.kept.etag !== read.etag
      ? overtakenBy(read, merged(fields, draft.base, cleaned(fields, draft.values), read.record.values))
      : null,
  );
  const [stored, setStored] = useState("");
  const sections = useMemo(() => sectionsOf(fields), [fields]);
  const counted = read?.record.state === "valid" || Boolean(read?.record.counted);
  const around = useMemo(
    () => ({
      register: entry.name,
      recordId: kept?.id ?? null,
      fields,
      owner: read ? { enterprise_id: read.record.enterprise_id, agency_id: read.record.agency_id } : owner,
    }),
    [entry.name, kept?.id, fields, owner, read],
  );

  const day = read ? null : dayOf(entry, fields);
  const [today] = useState<Values>(() => (day ? { [day]: fullTime(timeNow()).slice(0, 10) } : {}));
  const ours = me.enterprise_id ?? owner.enterprise_id;

  const mine = () => cleaned(fields, form.getFieldsValue(true));
  const keepHere = (whose: Owner = owner) =>
    keepDraft(draftName, { values: form.getFieldsValue(true), owner: whose, ...last.current });

  const whereOf = (place: Place): string => {
    const at = fieldAt(fields, place);
    if (!at) return "";
    const before = at.rows.map(({ field, index }) =>
      index === null ? labelOf(field, language) : `${labelOf(field, language)} ${index + 1}`,
    );
    return [...before, labelOf(at.field, language)].join(" · ");
  };

  const show = (found: readonly { place: Place; words: string }[], rest = "") => {
    const marked = form.getFieldsError().filter((one) => one.errors.length);
    form.setFields(marked.map((one) => ({ name: one.name, errors: [] })));
    const placed = found.map(({ place, words: said }) => {
      const at = fieldAt(fields, place);
      if (at) form.setFields([{ name: [...at.place] as string[], errors: [said] }]);
      return { place: at?.place ?? place, where: whereOf(place), words: said };
    });
    setProblems(placed);
    setGeneral(rest);
    setShowing((n) => n + 1);
  };

  const showBad = (bad: readonly BadField[]) => {
    const typed = form.getFieldsValue(true);
    show(
      bad.map((one) => ({
        place: shownPlace(fields, typed, placeOf(one.place)),
        words: fieldWords(one, text),
      })),
    );
  };

  // biome-ignore lint/correctness/useExhaustiveDependencies: what the page before was told is shown once
  useEffect(() => {
    if (!told?.wrong?.length) return;
    showBad(told.wrong);
    window.history.replaceState({ ...window.history.state, usr: null }, "");
  }, []);

  const compare = async (id: number, sent: Values) => {
    const fresh = await client.fetchQuery({ ...record(entry.name, id), staleTime: 0 });
    setOvertaken(overtakenBy(fresh, merged(fields, last.current.base, sent, fresh.record.values)));
  };

  const save = useMutation({
    scope: { id: draftName },
    mutationFn: async ({ submit }: { submit: boolean; quiet: boolean }) => {
      const values = mine();
      const { kept } = last.current;
      const body = { values, submit, reason: reason.trim(), ...(validFrom ? { valid_from: validFrom } : {}) };
      const answer = kept
        ? await send<RecordDetail>("PUT", `/api/v1/registers/${entry.name}/${kept.id}`, {
            body,
            etag: kept.etag,
          })
        : await send<RecordDetail>("POST", `/api/v1/registers/${entry.name}`, {
            body: { ...owner, ...body },
          });
      return { answer, values };
    },
    onSuccess: ({ answer, values }, { submit, quiet }) => {
      const now = { id: answer.data.id, etag: answer.etag ?? `"${answer.data.version}"` };
      setKept(now);
      setBase(values);
      setStored(timeOfDay(answer.data.changed_at));
      client.invalidateQueries({ queryKey: [`registers/${entry.name}`] });
      client.invalidateQueries({ queryKey: ["registers-waiting"] });
      if (quiet) {
        keepHere();
        return;
      }
      draftOnCentre.settle();
      forgetDraft(draftName);
      // What was begun as a new record in this browser and ended here is not begun any more.
      if ((readDraft(freshName) as Draft | null)?.kept?.id === now.id) forgetDraft(freshName);
      message.success(
        submit && entry.reviewed ? words.submitted : submit ? text.parts.saved : words.draftSaved,
        4,
      );
      navigate(`/registers/${entry.name}/${now.id}`, { replace: true });
    },
    onError: async (error, { quiet }) => {
      if (quiet) return; // it stays in this browser, and the person is told at the next save
      const { kept } = last.current;
      if (error instanceof Problem && error.status === 412 && kept) {
        await compare(kept.id, mine()).catch((failed) => show([], problemWords(failed, text)));
        return;
      }
      if (error instanceof Problem && error.status === 404 && kept && !read) {
        // The draft on the centre was taken away meanwhile: what is typed here becomes a record of its own.
        setKept(null);
        setBase({});
        keepHere();
        show([], words.draftGone);
        return;
      }
      if (error instanceof Problem && error.fields.length) showBad(error.fields);
      else show([], problemWords(error, text));
    },
  });

  // Only what counts nowhere yet is kept on the centre by itself: a record in force changes by hand alone.
  const mayKeep =
    !counted && read?.record.state !== "submitted" && (kept !== null || ownerKnown(entry, owner, me));
  const draftOnCentre = useServerDraft(mayKeep && !overtaken && !save.isPending, () => {
    const values = mine();
    if (!isEmpty(values) && !sameValue(values, base)) save.mutate({ submit: false, quiet: true });
  });

  const send_ = (submit: boolean) => {
    if (!kept && !ownerKnown(entry, owner, me)) {
      show([], words.ownerMissing);
      return;
    }
    const faults = faultsOf(fields, form.getFieldsValue(true), submit);
    if (faults.length) {
      show(
        faults.map(({ place, fault, field }) => ({
          place,
          words: words.faults[fault](labelOf(field, language), bound(field, fault)),
        })),
      );
      return;
    }
    show([]);
    save.mutate({ submit, quiet: false });
  };

  const startAgain = () => {
    forgetDraft(draftName);
    draftOnCentre.settle();
    for (const { place } of leavesOf(fields))
      form.setFieldValue([...place] as string[], valueAt(read?.record.values ?? today, place));
    // The draft on the centre stays what it is; a new record is not written over it.
    if (!read) {
      setKept(null);
      setBase({});
      setOwner(given);
      setStored("");
    }
    setOvertaken(null);
    setRestored(false);
    show([]);
  };

  const decide = (values: Values) => {
    if (!overtaken) return;
    for (const { place } of leavesOf(fields))
      form.setFieldValue([...place] as string[], valueAt(values, place));
    setBase(overtaken.base);
    setKept(overtaken.kept);
    setOvertaken(null);
    keepHere();
    message.info(words.conflict.joined, 6);
  };

  const changeOwner = (next: Owner) => {
    setOwner(next);
    keepHere(next);
  };

  return (
    <FormAroundProvider value={around}>
      <Form<Values>
        form={form}
        layout="vertical"
        className="record-form"
        initialValues={draft?.values ?? read?.record.values ?? today}
        disabled={save.isPending && !save.variables?.quiet}
        onValuesChange={(changed: Values) => {
          setProblems((all) =>
            all.length ? all.filter(({ place }) => valueAt(changed, place) === undefined) : all,
          );
          keepHere();
          draftOnCentre.touch();
        }}
        onFinish={() => send_(true)}
      >
        {restored && (
          <p className="notice">
            {text.parts.draft}{" "}
            <button type="button" className="quiet-link" onClick={startAgain}>
              {text.parts.forgetDraft}
            </button>
          </p>
        )}
        {read?.record.state === "returned" && read.record.opinion && (
          <p className="notice">
            <strong>{words.returnedBecause}</strong> {read.record.opinion}
          </p>
        )}
        {day && ours && !restored && (
          <Again
            entry={entry}
            fields={fields}
            day={day}
            enterprise={ours}
            take={(values) => {
              form.setFieldsValue(values);
              keepHere();
              draftOnCentre.touch();
            }}
          />
        )}
        {overtaken && <Conflict {...overtaken} go={decide} />}
        <Problems problems={problems} general={general} showing={showing} />
        <div className={sections.length > MANY_SECTIONS ? "form-two" : undefined}>
          {sections.length > MANY_SECTIONS && <SectionList sections={sections} problems={problems} />}
          <div className="form-sections">
            {!read && me.enterprise_id === null && (
              <Card title={words.whose}>
                <OwnerChoice entry={entry} owner={owner} change={changeOwner} fixed={kept !== null} />
              </Card>
            )}
            {sections.map((section, index) => (
              <Part
                key={section.name || index}
                section={section}
                title={
                  section.field?.kind === "group" || sections.length === 1
                    ? undefined
                    : headingOf(section, index, language, words)
                }
                label={headingOf(section, index, language, words)}
              >
                <div id={section.field?.kind === "block" ? anchorOf([section.name]) : `section-${index}`}>
                  {section.field?.kind === "block" && section.field.note && (
                    <p className="faint form-lead">{section.field.note}</p>
                  )}
                  <Fields
                    fields={section.fields}
                    at={section.field?.kind === "block" ? [section.name] : undefined}
                  />
                </div>
              </Part>
            ))}
            {entry.dated && (
              <Card>
                <label className="reason" htmlFor="record-valid-from">
                  {words.validFromLabel}
                  <Input
                    id="record-valid-from"
                    type="date"
                    max="9999-12-31"
                    style={{ maxWidth: 200 }}
                    value={validFrom}
                    onChange={(event) => setValidFrom(event.target.value)}
                  />
                  <span className="faint">{words.validFromHelp}</span>
                </label>
              </Card>
            )}
            {counted && (
              <Card>
                <label className="reason" htmlFor="record-reason">
                  {words.reason}
                  <Input.TextArea
                    id="record-reason"
                    maxLength={500}
                    autoSize={{ minRows: 1, maxRows: 4 }}
                    value={reason}
                    onChange={(event) => setReason(event.target.value)}
                  />
                </label>
              </Card>
            )}
          </div>
        </div>
        <div className="form-bar">
          <Button
            type="primary"
            size="large"
            htmlType="submit"
            loading={save.isPending && save.variables?.submit}
            disabled={overtaken !== null}
          >
            {entry.reviewed ? words.submit : text.parts.save}
          </Button>
          {!(counted && !entry.reviewed) && (
            <Button size="large" onClick={() => send_(false)} disabled={overtaken !== null}>
              {words.saveDraft}
            </Button>
          )}
          <Button
            size="large"
            onClick={() =>
              // A form that was opened by its address has no page before it.
              (window.history.state?.idx ?? 0) > 0
                ? navigate(-1)
                : navigate(`/registers/${entry.name}${read ? `/${read.record.id}` : ""}`)
            }
          >
            {text.cancel}
          </Button>
          <span className="faint form-stored">{stored ? words.storedAt(stored) : words.keptHere}</span>
        </div>
      </Form>
    </FormAroundProvider>
  );
}

/** A part of the form under its heading; not there while another field says that it is not asked. */
function Part({ section, ...card }: { section: Section } & ComponentProps<typeof Card>) {
  const form = Form.useFormInstance();
  const name = section.field?.when?.field ?? "";
  const value = Form.useWatch(name, form);
  return section.field && !isAsked(section.field, { [name]: value }) ? null : <Card {...card} />;
}

function overtakenBy(
  fresh: ReadRecord,
  joined: { values: Values; clashes: Clash[]; taken: number },
): Overtaken {
  return {
    by: fresh.record.changed_by,
    at: fresh.record.changed_at,
    base: fresh.record.values,
    kept: { id: fresh.record.id, etag: fresh.etag },
    ...joined,
  };
}

function bound(field: Field, fault: string): string {
  const at = fault === "low" ? field.low : fault === "high" ? field.high : undefined;
  return at === undefined ? "" : `${at}${field.unit ? ` ${field.unit}` : ""}`;
}

function ownerKnown(entry: RegisterEntry, owner: Owner, me: { enterprise_id: number | null }): boolean {
  if (me.enterprise_id !== null) return true;
  return entry.owner === "enterprise" ? owner.enterprise_id !== undefined : true;
}

function OwnerChoice({
  entry,
  owner,
  change,
  fixed,
}: {
  entry: RegisterEntry;
  owner: Owner;
  change: (owner: Owner) => void;
  fixed: boolean;
}) {
  const text = useText();
  const words = text.records;
  const me = useMe();
  const [kind, setKind] = useState<"enterprise" | "agency">(
    entry.owner === "agency" || (entry.owner === "either" && owner.enterprise_id === undefined)
      ? "agency"
      : "enterprise",
  );
  if (fixed) return <p className="faint">{words.ownerFixed}</p>;
  return (
    <div className="owner">
      {entry.owner === "either" && (
        <Segmented<"enterprise" | "agency">
          aria-label={words.whose}
          value={kind}
          onChange={(next) => {
            setKind(next);
            change({});
          }}
          options={[
            { value: "agency", label: words.ofAgency },
            { value: "enterprise", label: words.ofEnterprise },
          ]}
        />
      )}
      <OwnerPicker
        kind={kind}
        value={kind === "enterprise" ? owner.enterprise_id : (owner.agency_id ?? me.agency_id ?? undefined)}
        onChange={(id) => change(kind === "enterprise" ? { enterprise_id: id } : { agency_id: id })}
      />
    </div>
  );
}
