// A device is broken: what was seen and what may have caused it.

import { useQuery } from "@tanstack/react-query";
import { send } from "../api/client.ts";
import { type DeviceRow, faultCauses } from "../api/connection.ts";
import { useLanguage, useText } from "../locales/index.tsx";
import { EditDrawer } from "../parts/EditDrawer.tsx";

export function useCauses(wanted: boolean): { value: string; label: string }[] {
  const { language } = useLanguage();
  const known = useQuery({ ...faultCauses, enabled: wanted }).data ?? [];
  return known
    .filter((entry) => entry.active)
    .map((entry) => ({ value: entry.code, label: language === "en" ? entry.en || entry.zh : entry.zh }));
}

export function FaultForm({
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
  const words = useText().connection.faults;
  const causes = useCauses(open);
  return (
    <EditDrawer
      name={`device-fault.${device?.id}`}
      title={`${words.add} · ${device?.name ?? ""}`}
      open={open}
      close={close}
      fields={[
        { name: "words", label: words.words, kind: "long", max: 1000, required: true },
        { name: "cause_code", label: words.cause, kind: "select", options: causes },
      ]}
      save={(values) =>
        send("POST", "/api/v1/device-faults", {
          body: { device_id: device?.id, words: values.words ?? "", cause_code: values.cause_code ?? "" },
        })
      }
      saved={saved}
    />
  );
}
