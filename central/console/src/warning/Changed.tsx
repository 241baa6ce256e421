// Somebody (or the plant) changed the warning while this user looked at it: what was, what is, and the choice.

import { Button, Modal } from "antd";
import type { WarningDetail } from "../api/types.ts";
import { useText } from "../locales/index.tsx";
import type { Act, Collision } from "./useAct.ts";

interface Props {
  collision: Collision;
  busy: boolean;
  again: (act: Act, seen: WarningDetail) => void;
  look: () => void;
}

export function Changed({ collision, busy, again, look }: Props) {
  const text = useText();
  const words = text.warning.changed;
  const { act, seen, current } = collision;
  const stepOf = (view: WarningDetail) => (view.step === null ? words.none : words.stepValue(view.step + 1));
  const rows = [
    [words.level, text.levelWarning[seen.level], text.levelWarning[current.level]],
    [words.state, text.state[seen.state], text.state[current.state]],
    [words.condition, text.condition[seen.condition], text.condition[current.condition]],
    [words.acknowledgedBy, seen.acknowledged_by ?? words.none, current.acknowledged_by ?? words.none],
    [words.step, stepOf(seen), stepOf(current)],
  ].filter(([, before, after]) => before !== after);
  const still = current.actions.includes(act.action);
  return (
    <Modal
      open
      title={words.title}
      onCancel={look}
      footer={
        <div className="changed-foot">
          <Button onClick={look}>{words.look}</Button>
          {still && (
            <Button type="primary" loading={busy} onClick={() => again(act, current)}>
              {words.go(text.warning.actions[act.action])}
            </Button>
          )}
        </div>
      }
    >
      <p>{words.text}</p>
      {rows.length > 0 ? (
        <table className="changed">
          <thead>
            <tr>
              <th />
              <th scope="col">{words.before}</th>
              <th scope="col">{words.after}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(([name, before, after]) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td>{before}</td>
                <td>
                  <strong>{after}</strong>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : (
        <p>{words.other}</p>
      )}
    </Modal>
  );
}
