// The one list page of the console: filters in the address, sorting, page by page, chosen columns, j/k/Enter,
// and the same empty, loading and failed pictures everywhere.

import { DownloadOutlined, SettingOutlined } from "@ant-design/icons";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Button, Checkbox, Popover } from "antd";
import { type ReactNode, useEffect, useState } from "react";
import { useNavigate, useSearchParams } from "react-router";
import type { Filter, ListQuery } from "../api/list.ts";
import { useText } from "../locales/index.tsx";
import { useSettings } from "../settings/useSettings.ts";
import { FilterBar, type FilterField, namesOf } from "./FilterBar.tsx";
import { type HeadTab, PageHead } from "./Page.tsx";
import { type Column, More, type RowLook, Rows } from "./Rows.tsx";
import { Calm, Failed, Loading } from "./States.tsx";
import { usePhone } from "./usePhone.ts";

interface Props<Row, Given> {
  /** Under which the chosen columns are kept; one list, one name. */
  name: string;
  title: string;
  /** `listOf<Row>("path")`, or the question of an older list. */
  query: ListQuery<Given>;
  rows: RowLook<Row>;
  fields?: readonly FilterField<Row>[];
  /** Parts of the filter that are no choice of the user. */
  fixed?: Filter;
  /** The order when the user has not chosen one. */
  sort?: string;
  tabs?: readonly HeadTab[];
  note?: ReactNode;
  /** Buttons at the end of the head: "new", "import". */
  actions?: ReactNode;
  /** Links beside the filters; gets the filter as it is. */
  beside?: (filter: Filter, set: (changes: Filter) => void) => ReactNode;
  /** Nothing found with this filter. */
  empty: string;
  /** Nothing there at all; without it as `empty`. */
  emptyAll?: ReactNode;
  /** What is shown may be folded or put in order. */
  arrange?: (rows: Given[]) => Row[];
  /** Further keys on the chosen row, such as `a` to acknowledge. */
  keys?: Readonly<Record<string, (row: Row) => void>>;
  /** A line under the list that says which keys there are. */
  keysHelp?: string;
  /** Takes the list as it is filtered out of the console. */
  exportIt?: (filter: Filter) => void;
  /** What stands between the head and the list. */
  above?: ReactNode;
  /** What stands below the list. */
  after?: ReactNode;
  /** Within another page: without a head of its own. */
  within?: boolean;
}

export function ListPage<Row, Given extends Row = Row>(props: Props<Row, Given>) {
  const text = useText();
  const phone = usePhone();
  const navigate = useNavigate();
  const { fields = [], rows: look, arrange } = props;
  const [search, setSearch] = useSearchParams();
  const sort = search.get("sort") ?? props.sort ?? "";
  const names = fields.flatMap(namesOf);
  const filter: Filter = Object.fromEntries(names.map((name) => [name, search.get(name) ?? ""]));
  const asked = { ...filter, ...props.fixed, ...(sort ? { sort } : {}) };
  const list = useInfiniteQuery(props.query(asked));
  const all = list.data?.pages.flatMap((page) => page.items) ?? [];
  const rows: Row[] = arrange ? arrange(all) : all;
  // A row is marked from the start only where a line below says what its keys do.
  const start = props.keysHelp ? 0 : -1;
  const [chosen, setChosen] = useState(start);
  const { columns, picker } = useColumns(props.name, look.columns);

  const set = (changes: Filter) => {
    // From the address itself: words that were typed a moment ago must not undo what was chosen since.
    const next = new URLSearchParams(window.location.search);
    for (const [name, value] of Object.entries(changes)) {
      if (value) next.set(name, value);
      else next.delete(name);
    }
    setSearch(next, { replace: true });
    setChosen(start);
  };
  const filtered = names.some((name) => filter[name]);
  const clear = () => set(Object.fromEntries(names.map((name) => [name, ""])));

  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const at = event.target as HTMLElement;
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (at.closest("input,textarea,select,[role=dialog],[role=listbox],[contenteditable]")) return;
      const row = rows[chosen];
      const own = props.keys?.[event.key];
      if (event.key === "j") setChosen((n) => Math.min(n + 1, rows.length - 1));
      else if (event.key === "k") setChosen((n) => Math.max(n - 1, 0));
      else if (event.key === "Enter" && row && !at.closest("a,button")) {
        if (look.to) navigate(look.to(row));
        else look.open?.(row);
      } else if (own && row) own(row);
      else return;
      event.preventDefault();
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  });

  useEffect(() => {
    if (chosen > 0) document.querySelectorAll(".rows-row")[chosen]?.scrollIntoView({ block: "nearest" });
  }, [chosen]);

  const tools = (
    <>
      {props.actions}
      {props.exportIt && (
        <Button icon={<DownloadOutlined />} onClick={() => props.exportIt?.(asked)}>
          {text.parts.exportIt}
        </Button>
      )}
      {!phone && picker}
    </>
  );
  const bar = (
    <>
      <FilterBar fields={fields} filter={filter} set={set} rows={all} />
      {props.beside?.(filter, set)}
    </>
  );
  const body = (
    <>
      <section className="card card-flush" aria-label={props.title} aria-busy={list.isFetching}>
        {list.isPending ? (
          <Loading rows={6} />
        ) : list.isError && !list.data ? (
          <Failed error={list.error} retry={() => list.refetch()} />
        ) : rows.length === 0 ? (
          filtered || props.emptyAll === undefined ? (
            <Calm title={props.empty}>
              {filtered && <Button onClick={clear}>{text.filters.clear}</Button>}
            </Calm>
          ) : typeof props.emptyAll === "string" ? (
            <Calm title={props.emptyAll} />
          ) : (
            props.emptyAll
          )
        ) : (
          <>
            <Rows
              {...look}
              label={props.title}
              rows={rows}
              columns={columns}
              chosen={phone ? undefined : chosen}
              sort={sort}
              sortBy={(wanted) => set({ sort: wanted })}
            />
            <More
              more={list.hasNextPage}
              busy={list.isFetchingNextPage}
              load={() => list.fetchNextPage()}
              total={all.length}
            />
          </>
        )}
      </section>
      {props.keysHelp && !phone && rows.length > 0 && <p className="keys">{props.keysHelp}</p>}
      {props.after}
    </>
  );
  if (props.within)
    return (
      <>
        <div className="filters">
          {bar}
          <div className="page-actions">{tools}</div>
        </div>
        {body}
      </>
    );
  return (
    <div className="page">
      <PageHead title={props.title} tabs={props.tabs} filters={bar} actions={tools} note={props.note} />
      {props.above}
      {body}
    </div>
  );
}

/** The columns that this user wants to see of a list, and what changes them; it follows the account. */
function useColumns<Row>(name: string, columns: readonly Column<Row>[]) {
  const text = useText();
  const { settings, change } = useSettings();
  const usual = columns.filter((column) => column.always || !column.extra).map((column) => column.key);
  const kept = settings.columns[name];
  const wanted = kept?.some((key) => columns.some((column) => column.key === key)) ? kept : usual;
  const shown = columns.filter((column) => column.always || wanted.includes(column.key));
  const free = columns.filter((column) => !column.always && column.title);
  const picker =
    free.length < 2 ? null : (
      <Popover
        trigger="click"
        placement="bottomRight"
        arrow={false}
        content={
          <fieldset className="column-choice">
            <legend>{text.parts.columns}</legend>
            <Checkbox.Group
              value={wanted}
              options={free.map((column) => ({ value: column.key, label: column.title }))}
              onChange={(keys) =>
                change({ columns: { [name]: columns.map((c) => c.key).filter((key) => keys.includes(key)) } })
              }
            />
            {kept && (
              <Button size="small" onClick={() => change({ columns: { [name]: null } })}>
                {text.parts.usualColumns}
              </Button>
            )}
          </fieldset>
        }
      >
        <Button icon={<SettingOutlined />} aria-label={text.parts.columns} title={text.parts.columns} />
      </Popover>
    );
  return { columns: shown, picker };
}
