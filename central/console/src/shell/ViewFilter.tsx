// Areas and industries to which every page is narrowed: all chosen at first; chips say what is left.

import { CloseOutlined, FilterOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Button, Checkbox, Popover, Tree } from "antd";
import { useState } from "react";
import { type AreaChoice, type ViewChoices, viewChoices } from "../api/choices.ts";
import { narrowTo, useView, type View, WHOLE } from "../api/view.ts";
import { useText } from "../locales/index.tsx";

interface Node {
  key: string;
  title: string;
  children: Node[];
}

function treeOf(areas: readonly AreaChoice[]): Node[] {
  const nodes = new Map(
    areas.map((area) => [area.code, { key: area.code, title: area.name, children: [] as Node[] }]),
  );
  const roots: Node[] = [];
  for (const area of areas) {
    const node = nodes.get(area.code);
    if (!node) continue;
    (nodes.get(area.parent ?? "")?.children ?? roots).push(node);
  }
  return roots;
}

/** The chosen areas without those that lie in a chosen one. */
function widest(chosen: readonly string[], areas: readonly AreaChoice[]): string[] {
  const set = new Set(chosen);
  return areas.filter((area) => set.has(area.code) && !set.has(area.parent ?? "")).map((area) => area.code);
}

/** The chosen areas with everything that lies in them. */
function withinThem(chosen: readonly string[], areas: readonly AreaChoice[]): string[] {
  if (chosen.length === 0) return areas.map((area) => area.code);
  return areas.filter((area) => chosen.some((code) => area.code.startsWith(code))).map((area) => area.code);
}

export function ViewFilter() {
  const text = useText();
  const view = useView();
  const [open, setOpen] = useState(false);
  const choices = useQuery(viewChoices).data;
  if (!choices || (choices.areas.length < 2 && choices.sectors.length < 2)) return null;
  const narrowed = view.areas.length + view.sectors.length;
  return (
    <Popover
      trigger="click"
      placement="bottomRight"
      arrow={false}
      open={open}
      onOpenChange={setOpen}
      destroyOnHidden
      content={<Chooser choices={choices} view={view} done={() => setOpen(false)} />}
    >
      <button type="button" className="top-tool" aria-label={text.view.title} aria-expanded={open}>
        <FilterOutlined aria-hidden="true" />
        <span className="top-tool-word">{narrowed ? text.view.narrowed(narrowed) : text.view.all}</span>
      </button>
    </Popover>
  );
}

function Chooser({ choices, view, done }: { choices: ViewChoices; view: View; done: () => void }) {
  const text = useText();
  const { areas, sectors } = choices;
  const [places, setPlaces] = useState(() => withinThem(view.areas, areas));
  const [trades, setTrades] = useState<string[]>(() =>
    view.sectors.length ? [...view.sectors] : sectors.map((sector) => sector.code),
  );
  const noPlace = areas.length > 0 && places.length === 0;
  const noTrade = sectors.length > 0 && trades.length === 0;
  const apply = () => {
    narrowTo({
      areas: places.length === areas.length ? [] : widest(places, areas),
      sectors: trades.length === sectors.length ? [] : trades,
    });
    done();
  };
  return (
    <div className="view-chooser">
      <p className="faint">{text.view.help}</p>
      {areas.length > 1 && (
        <fieldset>
          <legend>
            {text.view.areas}
            <button
              type="button"
              className="quiet-link"
              onClick={() => setPlaces(places.length === areas.length ? [] : areas.map((area) => area.code))}
            >
              {places.length === areas.length ? text.view.nothing : text.view.everything}
            </button>
          </legend>
          <Tree
            checkable
            selectable={false}
            defaultExpandAll={areas.length <= 40}
            height={260}
            treeData={treeOf(areas)}
            checkedKeys={places}
            onCheck={(keys) => setPlaces((Array.isArray(keys) ? keys : keys.checked).map(String))}
          />
        </fieldset>
      )}
      {sectors.length > 1 && (
        <fieldset>
          <legend>
            {text.view.sectors}
            <button
              type="button"
              className="quiet-link"
              onClick={() =>
                setTrades(trades.length === sectors.length ? [] : sectors.map((sector) => sector.code))
              }
            >
              {trades.length === sectors.length ? text.view.nothing : text.view.everything}
            </button>
          </legend>
          <Checkbox.Group
            value={trades}
            onChange={(chosen) => setTrades(chosen.map(String))}
            options={sectors.map((sector) => ({ value: sector.code, label: sector.name }))}
          />
        </fieldset>
      )}
      {(noPlace || noTrade) && <p role="alert">{text.view.chooseOne}</p>}
      <div className="form-foot">
        <Button type="primary" disabled={noPlace || noTrade} onClick={apply}>
          {text.view.apply}
        </Button>
        <Button onClick={done}>{text.cancel}</Button>
      </div>
    </div>
  );
}

/** What the pages are narrowed to, each one to be taken away; nothing while all is chosen. */
export function ViewChips() {
  const text = useText();
  const view = useView();
  const choices = useQuery(viewChoices).data;
  if (view.areas.length + view.sectors.length === 0) return null;
  const name = (list: readonly { code: string; name: string }[] | undefined, code: string) =>
    list?.find((one) => one.code === code)?.name ?? code;
  return (
    <section className="view-chips" aria-label={text.view.title}>
      <span className="faint">{text.view.only}</span>
      {view.areas.map((code) => (
        <button
          type="button"
          key={code}
          className="view-chip"
          onClick={() => narrowTo({ ...view, areas: view.areas.filter((one) => one !== code) })}
        >
          {name(choices?.areas, code)} <CloseOutlined aria-hidden="true" />
        </button>
      ))}
      {view.sectors.map((code) => (
        <button
          type="button"
          key={code}
          className="view-chip"
          onClick={() => narrowTo({ ...view, sectors: view.sectors.filter((one) => one !== code) })}
        >
          {name(choices?.sectors, code)} <CloseOutlined aria-hidden="true" />
        </button>
      ))}
      <button type="button" className="quiet-link" onClick={() => narrowTo(WHOLE)}>
        {text.view.clear}
      </button>
    </section>
  );
}
