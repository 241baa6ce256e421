// Backups of the centre, how they stand, and whether the centre runs in recovery.

import { queryOptions } from "@tanstack/react-query";
import { getWide, send, withQuery } from "./client.ts";
import { listOf } from "./list.ts";

export interface BackupRow {
  id: number;
  /** Of its folder; "" until it is made. */
  name: string;
  target: string;
  state: "wanted" | "running" | "good" | "failed";
  asked_by: string;
  asked_at: string;
  began_at: string | null;
  ended_at: string | null;
  bytes: number | null;
  raw_bytes: number | null;
  encrypted: boolean;
  error: string;
  /** Restored on trial: when, whether it went well, what was found. */
  checked_at: string | null;
  check_good: boolean | null;
  check_words: string;
  /** Since when it is no longer where it was. */
  gone_at: string | null;
}

export interface BackupState {
  target: string;
  same_disk: boolean;
  free_bytes: number | null;
  encrypted: boolean;
  every_hours: number;
  keep: string;
  next_at: string | null;
  running: boolean;
  last_good_at: string | null;
  last_checked_at: string | null;
  /** What a person should be told; "" when all is well. */
  attention: string;
}

export interface RecoveryNotice {
  recovering: boolean;
  began_at: string | null;
  /** For those who keep backups; null for everybody else. */
  held: number | null;
  unconfirmed: number | null;
  begun_by: string;
  attention: string;
}

export const backups = listOf<BackupRow>("backups");

export const backupState = queryOptions({
  queryKey: ["backups", "state"],
  queryFn: async ({ signal }) =>
    (await getWide<{ state: BackupState }>(withQuery("/api/v1/backups", { limit: 1 }), signal)).state,
  refetchInterval: 5_000,
});

export const recoveryNotice = queryOptions({
  queryKey: ["backups", "recovery"],
  queryFn: ({ signal }) => getWide<RecoveryNotice>("/api/v1/backups/recovery", signal),
  refetchInterval: 60_000,
  staleTime: 30_000,
});

export async function startBackup(): Promise<void> {
  await send("POST", "/api/v1/backups");
}
