// Registers an enterprise, or changes what is registered of it.

import { useQuery } from "@tanstack/react-query";
import { send } from "../api/client.ts";
import type { Facts } from "../api/dossier.ts";
import { sectors as sectorList } from "../api/roles.ts";
import { useText } from "../locales/index.tsx";
import { EditDrawer, type EditField, type Values } from "../parts/EditDrawer.tsx";
import { RegionSelect } from "../regions/RegionSelect.tsx";

interface Props {
  /** What is changed; null registers a new one. */
  facts: Facts | null;
  open: boolean;
  close: () => void;
  done: (facts: Facts) => void;
  reload?: () => Promise<unknown>;
}

const BLANK: Values = {
  name: "",
  credit_code: "",
  industry: "",
  hazard_class: null,
  address: "",
  contact_name: "",
  contact_phone: "",
  longitude: null,
  latitude: null,
};

export function FactsForm({ facts, open, close, done, reload }: Props) {
  const text = useText();
  const words = text.lifeForms;
  const known = useQuery({ ...sectorList, enabled: open && !facts });
  const sectors = (known.data?.items ?? []).map((each) => ({ value: each.code, label: each.name }));
  const fields: EditField[] = [
    { name: "name", label: words.name, required: true, max: 100 },
    { name: "credit_code", label: words.creditCode, required: true, max: 40, help: words.creditHelp },
    ...(facts
      ? []
      : [
          {
            name: "region_code",
            label: words.region,
            kind: "own" as const,
            required: true,
            input: <RegionSelect />,
          },
          {
            name: "sector",
            label: words.sector,
            kind: "select" as const,
            required: true,
            options: sectors,
          },
        ]),
    { name: "industry", label: words.industry, max: 100 },
    {
      name: "hazard_class",
      label: words.hazard,
      kind: "select",
      options: words.hazards.map((label, index) => ({ value: index + 1, label })),
    },
    { name: "address", label: words.address, max: 200 },
    { name: "contact_name", label: words.contact, max: 60 },
    { name: "contact_phone", label: words.phone, max: 20 },
    { name: "longitude", label: words.longitude, kind: "number", least: -180, most: 180 },
    { name: "latitude", label: words.latitude, kind: "number", least: -90, most: 90 },
  ];
  const initial = facts
    ? Object.fromEntries(Object.keys(BLANK).map((name) => [name, facts[name as keyof Facts]]))
    : BLANK;
  return (
    <EditDrawer<Facts>
      name={`enterprise.${facts ? facts.id : "new"}`}
      title={facts ? words.edit : words.add}
      open={open}
      close={close}
      fields={fields}
      initial={initial}
      etag={facts ? `"${facts.version}"` : null}
      save={(values, etag) =>
        send<Facts>(
          facts ? "PUT" : "POST",
          facts ? `/api/v1/enterprises/${facts.id}/facts` : "/api/v1/enterprises",
          {
            body: filled(values),
            etag,
          },
        )
      }
      saved={(answer) => done(answer.data)}
      reload={reload}
    />
  );
}

/** What was cleared becomes the field's empty value. */
function filled(values: Values): Values {
  const all = { ...BLANK, ...values };
  return Object.fromEntries(Object.entries(all).map(([name, value]) => [name, value ?? BLANK[name] ?? null]));
}
