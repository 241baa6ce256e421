// Who changed what of a record, when and why: field by field, newest first.

import { useQuery } from "@tanstack/react-query";
import { Drawer } from "antd";
import { type RegisterEntry, recordHistory } from "../../api/records.ts";
import { useLanguage, useText } from "../../locales/index.tsx";
import { Calm, Failed, Loading } from "../../parts/States.tsx";
import { usePhone } from "../../parts/usePhone.ts";
import { When } from "../../parts/When.tsx";
import { StateSign } from "./StateSign.tsx";
import { type Field, labelOf } from "./spec.ts";
import { Value } from "./Value.tsx";
import { fieldAt, placeOf } from "./values.ts";

interface Props {
  open: boolean;
  close: () => void;
  entry: RegisterEntry;
  id: number;
  fields: readonly Field[];
  title: string;
}

export function History({ open, close, title, ...rest }: Props) {
  const text = useText();
  const phone = usePhone();
  return (
    <Drawer
      title={text.records.historyOf(title)}
      open={open}
      onClose={close}
      size={phone ? "100%" : 640}
      destroyOnHidden
    >
      {open && <Steps {...rest} />}
    </Drawer>
  );
}

function Steps({ entry, id, fields }: Omit<Props, "open" | "close" | "title">) {
  const text = useText();
  const words = text.records;
  const { language } = useLanguage();
  const history = useQuery(recordHistory(entry.name, id));
  if (history.isPending) return <Loading rows={5} />;
  if (history.isError) return <Failed error={history.error} retry={() => history.refetch()} />;
  if (!history.data.length) return <Calm title={words.noHistory} />;
  return (
    <ol className="history">
      {history.data.map((step) => (
        <li key={step.version}>
          <p className="history-head">
            <StateSign state={step.state} /> <strong>{step.by}</strong> <When at={step.at} />
          </p>
          {step.reason && (
            <p>
              {words.because} {step.reason}
            </p>
          )}
          {step.version === 1 || step.changes.length === 0 ? (
            <p className="faint">
              {step.version === 1 ? words.firstFilled(step.changes.length) : words.noChanges}
            </p>
          ) : (
            <table className="row-table history-table">
              <thead>
                <tr>
                  <th scope="col">{words.field}</th>
                  <th scope="col">{words.before}</th>
                  <th scope="col">{words.after}</th>
                </tr>
              </thead>
              <tbody>
                {step.changes.map((change) => {
                  const at = fieldAt(fields, placeOf(change.field));
                  const named = at && at.rows.length === 0 ? labelOf(at.field, language) : change.title;
                  return (
                    <tr key={change.field}>
                      <td data-label={words.field}>{named}</td>
                      <td data-label={words.before} className="value-before">
                        {at ? <Value field={at.field} value={change.before} /> : String(change.before ?? "–")}
                      </td>
                      <td data-label={words.after}>
                        {at ? <Value field={at.field} value={change.after} /> : String(change.after ?? "–")}
                      </td>
                    </tr>
                  );
                })}
              </tbody>
            </table>
          )}
        </li>
      ))}
    </ol>
  );
}
