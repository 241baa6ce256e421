// Finds a thing on the map by a part of its name and brings the map there.

import { useQuery } from "@tanstack/react-query";
import { AutoComplete, Input } from "antd";
import { useEffect, useState } from "react";
import { type FoundOnMap, mapSearch } from "../api/map.ts";
import { useLanguage, useText } from "../locales/index.tsx";

const PAUSE_MS = 250;

export function Finder({ find }: { find: (found: FoundOnMap) => void }) {
  const text = useText();
  const { language } = useLanguage();
  const [typed, setTyped] = useState("");
  const [asked, setAsked] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => setAsked(typed.trim()), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  const { data } = useQuery(mapSearch(asked));
  const items = asked ? (data?.items ?? []) : [];
  return (
    <AutoComplete
      className="map-finder"
      value={typed}
      onSearch={setTyped}
      options={items.map((item) => ({
        value: `${item.layer}/${item.id}`,
        label: (
          <span className="map-found">
            {item.name}
            <span className="faint">{language === "en" ? item.title_en : item.title}</span>
          </span>
        ),
      }))}
      onSelect={(value) => {
        const item = items.find((one) => `${one.layer}/${one.id}` === value);
        if (!item) return;
        setTyped(item.name);
        find(item);
      }}
      notFoundContent={asked && data ? text.map.notFound : null}
    >
      <Input allowClear placeholder={text.map.search} aria-label={text.map.search} />
    </AutoComplete>
  );
}
