// "We are offline until": what, why, from when until when, and what keeps people safe meanwhile.

import { Input } from "antd";
import { useMemo } from "react";
import { send } from "../api/client.ts";
import type { DeviceRow } from "../api/connection.ts";
import { useMe } from "../identity/me.tsx";
import { useText } from "../locales/index.tsx";
import { useEnterpriseOptions } from "../organisation/choices.ts";
import { EditDrawer } from "../parts/EditDrawer.tsx";

/** A moment as the browser's own control takes it: in the zone of the reader. */
function typed(moment: Date): string {
  return new Date(moment.getTime() - moment.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

const DAY_MS = 86_400_000;

export function ReportForm({
  open,
  device,
  close,
  saved,
}: {
  open: boolean;
  device?: DeviceRow;
  close: () => void;
  saved: () => void;
}) {
  const text = useText();
  const words = text.connection;
  const own = words.reports;
  const me = useMe();
  const asks = !device && me.enterprise_id === null;
  const enterprises = useEnterpriseOptions(open && asks);
  const initial = useMemo(
    () => ({
      cause: "repair",
      from_at: typed(new Date()),
      until_at: typed(new Date(Date.now() + DAY_MS)),
    }),
    [],
  );
  return (
    <EditDrawer
      name={`offline-report.${device?.id ?? "new"}`}
      title={`${own.add} · ${device?.name ?? own.whole}`}
      open={open}
      close={close}
      initial={initial}
      fields={[
        ...(asks
          ? [
              {
                name: "enterprise_id",
                label: words.enterprise,
                kind: "select" as const,
                options: enterprises,
                required: true,
              },
            ]
          : []),
        {
          name: "cause",
          label: own.why,
          kind: "select",
          required: true,
          options: Object.entries(own.causes).map(([value, label]) => ({ value, label })),
        },
        {
          name: "from_at",
          label: own.from,
          kind: "own",
          input: <Input type="datetime-local" />,
          required: true,
        },
        {
          name: "until_at",
          label: own.until,
          kind: "own",
          input: <Input type="datetime-local" />,
          required: true,
        },
        { name: "words", label: own.words, kind: "long", max: 1000, required: true },
        { name: "measures", label: own.measures, kind: "long", max: 1000, required: true },
      ]}
      save={(values) =>
        send("POST", "/api/v1/offline-reports", {
          body: {
            ...values,
            from_at: new Date(String(values.from_at)).toISOString(),
            until_at: new Date(String(values.until_at)).toISOString(),
            ...(device ? { device_id: device.id, enterprise_id: device.enterprise_id } : {}),
          },
        })
      }
      saved={saved}
    />
  );
}
