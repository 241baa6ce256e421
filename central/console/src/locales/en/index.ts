// The English catalogue, a file a domain; the compiler holds it to the shape of the Chinese one.

import type { Catalogue } from "../zh-CN/index.ts";
import { approvalsWords } from "./approvals.ts";
import { auditWords } from "./audit.ts";
import { backupWords } from "./backup.ts";
import { codesWords } from "./codes.ts";
import { connectionWords } from "./connection.ts";
import { coveredWords } from "./covered.ts";
import { devicesWords } from "./devices.ts";
import { evidenceWords } from "./evidence.ts";
import { fieldWords } from "./field.ts";
import { handlingWords } from "./handling.ts";
import { homeWords } from "./home.ts";
import { identityWords } from "./identity.ts";
import { levelsWords } from "./levels.ts";
import { lifeWords } from "./life.ts";
import { mapWords } from "./map.ts";
import { mergingWords } from "./merging.ts";
import { noticesWords } from "./notices.ts";
import { organisationWords } from "./organisation.ts";
import { outsideWords } from "./outside.ts";
import { partsWords } from "./parts.ts";
import { patrolWords } from "./patrol.ts";
import { promisesWords } from "./promises.ts";
import { qualityWords } from "./quality.ts";
import { recordsWords } from "./records.ts";
import { regionsWords } from "./regions.ts";
import { registryWords } from "./registry.ts";
import { riskWords } from "./risk.ts";
import { rolesWords } from "./roles.ts";
import { shellWords } from "./shell.ts";
import { stormWords } from "./storm.ts";
import { telemetryWords } from "./telemetry.ts";
import { warningWords } from "./warning.ts";
import { windowsWords } from "./windows.ts";
import { wordsWords } from "./words.ts";

export const en: Catalogue = {
  ...approvalsWords,
  ...auditWords,
  ...backupWords,
  ...codesWords,
  ...connectionWords,
  ...coveredWords,
  ...devicesWords,
  ...evidenceWords,
  ...fieldWords,
  ...handlingWords,
  ...homeWords,
  ...identityWords,
  ...levelsWords,
  ...lifeWords,
  ...mapWords,
  ...mergingWords,
  ...noticesWords,
  ...organisationWords,
  ...outsideWords,
  ...partsWords,
  ...patrolWords,
  ...promisesWords,
  ...qualityWords,
  ...recordsWords,
  ...regionsWords,
  ...registryWords,
  ...riskWords,
  ...rolesWords,
  ...shellWords,
  ...stormWords,
  ...telemetryWords,
  ...warningWords,
  ...windowsWords,
  ...wordsWords,
};
