// English words of backups and of a restored centre.

import type { Catalogue } from "../zh-CN/index.ts";

export const backupWords: Pick<Catalogue, "backups" | "restored"> = {
  backups: {
    title: "Backups",
    note: "A backup holds the database, keys, certificates, files and settings. It is restored at the server: fengsui central restore.",
    start: "Back up now",
    startWhat: "The whole centre is backed up once. It goes on working meanwhile.",
    running: "Backing up",
    name: "Backup",
    at: "Begun",
    took: (span) => `took ${span}`,
    state: "State",
    every: "All",
    states: { wanted: "Waiting", running: "Running", good: "Done", failed: "Failed" },
    gone: "No longer there",
    size: "Size",
    unpacked: (size) => `${size} restored`,
    encrypted: "Encrypted",
    readable: "Not encrypted",
    trial: "Restored on trial",
    tried: "Good",
    bad: "Bad",
    untried: "Not tried",
    by: "Started by",
    none: "No backup fits",
    noneYet: "No backup yet. The first begins by itself an hour after the first start.",
    standing: "How backups stand",
    facts: {
      last: "Last done",
      next: "Next",
      never: "Not by itself",
      proved: "Last good trial",
      target: "Folder",
      free: "Free space",
      unreachable: "Cannot be reached",
      keep: "Kept (days/weeks/months)",
      secret: "Encryption",
    },
    sameDisk:
      "Backups lie on the disk of the database: if it fails, both are gone. Name another disk or a share in FENGSUI_BACKUP_TO.",
    plain: "Backups are not encrypted and hold the centre's keys: keep them secret.",
  },
  restored: {
    title: "This centre was restored from a backup and is in recovery",
    what: "Answers given after the backup may be lost. Confirm each warning that says “state unknown, confirm”.",
    since: (time) => `since ${time}`,
    held: (calls, cases) => `${calls} calls held, ${cases} warnings of unknown state`,
    how: "Release or discard the calls at the server and end the recovery: fengsui central recovery",
    attention: "Backups need attention",
  },
};
