// Filters that somebody gave a name, kept with their account: one tap brings them back.

import { StarOutlined } from "@ant-design/icons";
import { Button, Input, Popover } from "antd";
import { useState } from "react";
import { useSearchParams } from "react-router";
import { useText } from "../../locales/index.tsx";
import { useSettings } from "../../settings/useSettings.ts";

/** What of the address belongs to the frame, not to the list. */
const FRAME = new Set(["areas", "sectors"]);
const MOST = 20;

function ofList(search: URLSearchParams): string {
  const kept = [...search].filter(([name, value]) => value && !FRAME.has(name));
  kept.sort(([one], [other]) => (one < other ? -1 : 1));
  return new URLSearchParams(kept).toString();
}

export function SavedViews({ name }: { name: string }) {
  const text = useText();
  const words = text.records.views;
  const { settings, change } = useSettings();
  const [search, setSearch] = useSearchParams();
  const [open, setOpen] = useState(false);
  const [typed, setTyped] = useState("");
  const views = settings.views?.[name] ?? [];
  const now = ofList(search);

  const go = (query: string) => {
    const next = new URLSearchParams(query);
    for (const part of FRAME) {
      const value = search.get(part);
      if (value) next.set(part, value);
    }
    setSearch(next, { replace: true });
    setOpen(false);
  };
  const keep = () => {
    const title = typed.trim();
    if (!title) return;
    const rest = views.filter((view) => view.title !== title);
    change({ views: { [name]: [...rest, { title, query: now }].slice(-MOST) } });
    setTyped("");
    setOpen(false);
  };
  const forget = (title: string) => {
    const rest = views.filter((view) => view.title !== title);
    change({ views: { [name]: rest.length ? rest : null } });
  };
  return (
    <Popover
      trigger="click"
      placement="bottomLeft"
      arrow={false}
      open={open}
      onOpenChange={setOpen}
      content={
        <div className="views">
          {views.length === 0 && <p className="faint">{words.none}</p>}
          <ul>
            {views.map((view) => (
              <li key={view.title}>
                <Button type={view.query === now ? "primary" : "text"} onClick={() => go(view.query)}>
                  {view.title}
                </Button>
                <Button type="text" aria-label={words.forget(view.title)} onClick={() => forget(view.title)}>
                  ✕
                </Button>
              </li>
            ))}
          </ul>
          {now && (
            <form
              className="views-new"
              onSubmit={(event) => {
                event.preventDefault();
                keep();
              }}
            >
              <Input
                aria-label={words.name}
                placeholder={words.name}
                maxLength={40}
                value={typed}
                onChange={(event) => setTyped(event.target.value)}
              />
              <Button htmlType="submit" disabled={!typed.trim()}>
                {words.keep}
              </Button>
            </form>
          )}
        </div>
      }
    >
      <Button icon={<StarOutlined />}>
        {words.title}
        {views.length > 0 && ` ${views.length}`}
      </Button>
    </Popover>
  );
}
