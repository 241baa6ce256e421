// The agencies of the jurisdiction as a tree: who supervises whom, whom to call there, and the own one.

import type { Agency } from "../api/organisation.ts";
import { useMe } from "../identity/me.tsx";
import { useText } from "../locales/index.tsx";
import { lines, listed } from "./areas.ts";
import { useAccountOptions, useAgencies } from "./choices.ts";
import { Picker } from "./Picker.tsx";
import { Register } from "./Register.tsx";

type Placed = Agency & { depth?: number };

/** Each agency under its superior; whose superior is out of sight stands at the left. */
function asTree(rows: Placed[]): Placed[] {
  const here = new Set(rows.map((row) => row.id));
  const placed: Placed[] = [];
  const put = (parent: number | null, depth: number) => {
    for (const row of rows) {
      const above = row.parent_id !== null && here.has(row.parent_id) ? row.parent_id : null;
      if (above !== parent || depth > 9) continue;
      placed.push({ ...row, depth });
      put(row.id, depth + 1);
    }
  };
  put(null, 0);
  return placed;
}

export function Agencies() {
  const text = useText();
  const me = useMe();
  const words = text.organisation;
  const own = words.agencies;
  const all = useAgencies();
  const options = (names: Record<string | number, string>) =>
    Object.entries(names).map(([value, label]) => ({ value, label }));
  return (
    <Register<Placed>
      path="agencies"
      title={own.title}
      one={own.one}
      limit={500}
      arrange={asTree}
      empty={own.empty}
      nameOf={(row) => row.name}
      filters={[
        { kind: "text", name: "q", label: words.search },
        {
          kind: "select",
          name: "rank",
          label: own.level,
          options: [{ value: "", label: own.anyLevel }, ...options(own.levels)],
        },
        {
          kind: "select",
          name: "kind",
          label: own.kind,
          width: 180,
          options: [{ value: "", label: words.anyKind }, ...options(own.kinds)],
        },
      ]}
      columns={[
        {
          key: "name",
          title: words.name,
          width: "minmax(14rem, 2.4fr)",
          always: true,
          cell: (row) => (
            <span className="two-lines" style={{ paddingInlineStart: `${(row.depth ?? 0) * 20}px` }}>
              <strong>{row.name}</strong>
              <span className="faint">
                {row.id === me.agency_id ? `${own.own} · ` : ""}
                {own.kinds[row.kind] ?? row.kind}
              </span>
            </span>
          ),
        },
        { key: "level", title: own.level, width: "6rem", cell: (row) => own.levels[row.rank] },
        {
          key: "region",
          title: own.region,
          width: "minmax(7rem, 1fr)",
          cell: (row) => row.area_names.join("、") || row.region_name,
        },
        {
          key: "contact",
          title: words.contact,
          width: "minmax(6rem, .8fr)",
          cell: (row) => row.contact_name,
        },
        { key: "phone", title: words.phone, width: "minmax(8rem, 1fr)", cell: (row) => row.phone },
        {
          key: "administrator",
          title: own.administrator,
          width: "minmax(9rem, 1.2fr)",
          cell: (row) =>
            row.administrator && `${row.administrator}${row.administrator_active === false ? own.off : ""}`,
        },
        { key: "code", title: words.code, width: "7rem", extra: true, cell: (row) => row.code },
        { key: "fax", title: words.fax, width: "9rem", extra: true, cell: (row) => row.fax },
      ]}
      details={(row) => [
        [own.level, own.levels[row.rank]],
        [own.kind, own.kinds[row.kind] ?? row.kind],
        [words.code, row.code],
        [own.parent, row.parent_name],
        [own.region, row.region_name && `${row.region_name}（${row.region_code}）`],
        [own.areas, row.area_names.join("、")],
        [words.contact, row.contact_name],
        [words.phone, row.phone && <a href={`tel:${row.phone}`}>{row.phone}</a>],
        [words.fax, row.fax],
        [words.address, row.address],
        [own.position, row.longitude !== null && `${row.longitude}, ${row.latitude}`],
        [own.administrator, row.administrator],
        [own.description, row.description],
      ]}
      fields={(row) => {
        const mine = row !== null && row.id === me.agency_id && !me.may.includes("registry");
        return [
          { name: "name", label: words.name, required: true, max: 100, disabled: mine },
          {
            name: "parent_id",
            label: own.parent,
            kind: "select",
            disabled: mine,
            options: [
              ...all.map((each) => ({ value: each.id, label: each.name })),
              // The superior of the own agency is out of sight and has a name all the same.
              ...(row?.parent_id && !all.some((each) => each.id === row.parent_id)
                ? [{ value: row.parent_id, label: row.parent_name ?? "" }]
                : []),
            ],
          },
          {
            name: "rank",
            label: own.level,
            kind: "select",
            required: true,
            disabled: mine,
            options: Object.entries(own.levels).map(([rank, label]) => ({ value: Number(rank), label })),
          },
          {
            name: "kind",
            label: own.kind,
            kind: "select",
            required: true,
            disabled: mine,
            options: options(own.kinds),
          },
          { name: "code", label: words.code, max: 32, disabled: mine },
          {
            name: "region_code",
            label: own.regionCode,
            required: true,
            max: 12,
            help: own.regionHelp,
            disabled: mine,
          },
          { name: "areas", label: own.areas, kind: "long", help: own.areasHelp, disabled: mine },
          { name: "contact_name", label: words.contact, max: 100 },
          { name: "phone", label: words.phone, max: 32 },
          { name: "fax", label: words.fax, max: 32 },
          { name: "address", label: words.address, max: 200 },
          { name: "longitude", label: own.longitude, kind: "number", least: -180, most: 180 },
          { name: "latitude", label: own.latitude, kind: "number", least: -90, most: 90 },
          ...(row
            ? [
                {
                  name: "administrator_id",
                  label: own.administrator,
                  kind: "own" as const,
                  input: <AccountPicker agency={row.id} />,
                },
              ]
            : []),
          { name: "description", label: own.description, kind: "long", max: 2000 },
        ];
      }}
      blank={{
        name: "",
        parent_id: me.agency_id,
        rank: null,
        kind: "emergency",
        code: "",
        region_code: "",
        areas: null,
        contact_name: "",
        phone: "",
        fax: "",
        address: "",
        description: "",
        longitude: null,
        latitude: null,
        administrator_id: null,
      }}
      cleared={{ parent_id: null }}
      values={(row) => ({ ...row, areas: lines(row.areas) })}
      sent={(values) => ({ ...values, areas: listed(values.areas) })}
    />
  );
}

function AccountPicker({
  agency,
  ...rest
}: {
  agency: number;
  id?: string;
  value?: number | null;
  onChange?: (value: number | null) => void;
}) {
  const options = useAccountOptions({ agency_id: agency }, true);
  return <Picker {...rest} options={options} />;
}
