// The status of an enterprise: quiet while it works, a framed word otherwise, with the day since when.

import { useQuery } from "@tanstack/react-query";
import { enterpriseStatuses } from "../api/dossier.ts";
import { useLanguage, useText } from "../locales/index.tsx";
import { fullTime } from "../parts/time.ts";

interface Props {
  facts: { status: string; status_name: string; status_since?: string | null };
}

export function StatusSign({ facts }: Props) {
  const text = useText();
  const { language } = useLanguage();
  const english = useQuery({ ...enterpriseStatuses, enabled: language === "en" }).data;
  const name =
    language === "en"
      ? (english?.find((each) => each.code === facts.status)?.name_en ?? facts.status_name)
      : facts.status_name;
  const since = facts.status_since
    ? `${text.dossier.since} ${fullTime(facts.status_since).slice(0, 10)}`
    : "";
  return (
    <span className={facts.status === "working" ? "status-sign" : "status-sign status-sign-other"}>
      {name}
      {since && facts.status !== "working" && <small> {since}</small>}
    </span>
  );
}
