// Holds types.ts to the API: schema.ts is generated from openapi.json, a test holds openapi.json to the centre.
// Nothing here runs. The console's types may be narrower (a level is one of four words); they may not name a
// field that the centre does not send, nor expect another kind of value.

import type * as approvals from "./approvals.ts";
import type * as audit from "./audit.ts";
import type * as backup from "./backup.ts";
import type * as codes from "./codes.ts";
import type * as connection from "./connection.ts";
import type * as field from "./field.ts";
import type * as map from "./map.ts";
import type * as notices from "./notices.ts";
import type * as outside from "./outside.ts";
import type * as patrol from "./patrol.ts";
import type * as records from "./records.ts";
import type * as risk from "./risk.ts";
import type { components } from "./schema.ts";
import type * as storm from "./storm.ts";
import type * as trends from "./trends.ts";
import type * as console from "./types.ts";
import type * as windows from "./windows.ts";

type Sent = components["schemas"];
type Depth<T> = T extends readonly (infer Item)[] ? Item : T;

/** Fields that the console reads and the centre does not send, or sends as something else. */
type Wrong<Read, Given> = {
  [Field in keyof Read]: Field extends keyof Given
    ? [Depth<NonNullable<Read[Field]>>] extends [Depth<NonNullable<Given[Field]>>]
      ? null extends Given[Field]
        ? null extends Read[Field]
          ? never
          : Field
        : never
      : Field
    : Field;
}[keyof Read];

/** Compiles only where nothing is wrong. */
type Agreed<Nothing extends never> = Nothing;

export type Agreement = [
  Agreed<Wrong<console.Me, Sent["Me"]>>,
  Agreed<Wrong<console.Overview, Sent["Overview"]>>,
  Agreed<Wrong<risk.RiskRow, Sent["RiskRow"]>>,
  Agreed<Wrong<risk.RiskReason, Sent["RiskReason"]>>,
  Agreed<Wrong<risk.RiskModelName, Sent["RiskModelName"]>>,
  Agreed<Wrong<risk.RiskDay, Sent["RiskDay"]>>,
  Agreed<Wrong<risk.RiskOverview, Sent["RiskOverview"]>>,
  Agreed<Wrong<risk.RiskModel, Sent["RiskModel"]>>,
  Agreed<Wrong<risk.RiskDraft, Sent["RiskDraft"]>>,
  Agreed<Wrong<risk.RiskTerm, Sent["RiskTerm"]>>,
  Agreed<Wrong<risk.RiskThreshold, Sent["RiskThreshold"]>>,
  Agreed<Wrong<risk.RiskInput, Sent["RiskInput"]>>,
  Agreed<Wrong<risk.RiskPreview, Sent["RiskPreview"]>>,
  Agreed<Wrong<risk.RiskChanged, Sent["RiskChanged"]>>,
  Agreed<Wrong<approvals.Proposal, Sent["ProposalRow"]>>,
  Agreed<Wrong<outside.ExternalWarning, Sent["ExternalRow"]>>,
  Agreed<Wrong<connection.ConnectionOverview, Sent["ConnectionOverview"]>>,
  Agreed<Wrong<connection.KindCount, Sent["KindCount"]>>,
  Agreed<Wrong<connection.ClassCount, Sent["ClassCount"]>>,
  Agreed<Wrong<connection.EnterpriseConnection, Sent["EnterpriseConnection"]>>,
  Agreed<Wrong<connection.DeviceRow, Sent["DeviceRow"]>>,
  Agreed<Wrong<connection.PeriodRow, Sent["PeriodRow"]>>,
  Agreed<Wrong<connection.RateRow, Sent["RateRow"]>>,
  Agreed<Wrong<connection.OfflineReport, Sent["OfflineReport"]>>,
  Agreed<Wrong<connection.FaultRow, Sent["FaultRow"]>>,
  Agreed<Wrong<connection.FaultCount, Sent["FaultCount"]>>,
  Agreed<Wrong<connection.MinimumRow, Sent["MinimumRow"]>>,
  Agreed<Wrong<connection.ResourceArea, Sent["ResourceArea"]>>,
  Agreed<Wrong<audit.AuditRow, Sent["AuditRow"]>>,
  Agreed<Wrong<audit.AuditDay, Sent["Day"]>>,
  Agreed<Wrong<audit.MessageLogRow, Sent["MessageRow"]>>,
  Agreed<Wrong<console.EnterpriseRow, Sent["EnterpriseRow"]>>,
  Agreed<Wrong<console.EnterpriseDetail, Sent["EnterpriseDetail"]>>,
  Agreed<Wrong<console.GatewayRow, Sent["GatewayRow"]>>,
  Agreed<Wrong<console.GatewayOutput, Sent["OutputRow"]>>,
  Agreed<Wrong<console.SourceState, Sent["SourceRow"]>>,
  Agreed<Wrong<console.BusState, Sent["BusRow"]>>,
  Agreed<Wrong<console.ConfigurationRow, Sent["ConfigurationRow"]>>,
  Agreed<Wrong<console.ConfigurationList, Sent["ConfigurationList"]>>,
  Agreed<Wrong<console.FiguresRow, Sent["FiguresRow"]>>,
  Agreed<Wrong<console.MeasuredFigure, Sent["MeasuredFigure"]>>,
  Agreed<Wrong<console.PointRow, Sent["PointRow"]>>,
  Agreed<Wrong<console.PointAlarm, Sent["PointAlarm"]>>,
  Agreed<Wrong<console.DescribedAlarm, Sent["DescribedAlarm"]>>,
  Agreed<Wrong<windows.Silent, Sent["Silent"]>>,
  Agreed<Wrong<windows.SuppressionWindow, Sent["WindowRow"]>>,
  Agreed<Wrong<console.AnnunciatorLoad, Sent["AnnunciatorRow"]>>,
  Agreed<Wrong<console.TrendData, Sent["Trend"]>>,
  Agreed<Wrong<console.Bucket, Sent["TrendBucket"]>>,
  Agreed<Wrong<patrol.ScoredEnterprise, Sent["ScoredEnterprise"]>>,
  Agreed<Wrong<patrol.ScoredDay, Sent["ScoredDay"]>>,
  Agreed<Wrong<patrol.PatrolLoss, Sent["Loss"]>>,
  Agreed<Wrong<patrol.PatrolFinding, Sent["Finding"]>>,
  Agreed<Wrong<patrol.PatrolRule, Sent["PatrolRule"]>>,
  Agreed<Wrong<patrol.ManagementThreshold, Sent["ThresholdRow"]>>,
  Agreed<Wrong<patrol.BeyondThreshold, Sent["BeyondRow"]>>,
  Agreed<Wrong<trends.SharedTrend, Sent["SharedTrend"]>>,
  Agreed<Wrong<trends.PointTrend, Sent["PointTrend"]>>,
  Agreed<Wrong<trends.RaisedAlarm, Sent["RaisedAlarm"]>>,
  Agreed<Wrong<console.WarningRow, Sent["WarningRow"]>>,
  Agreed<Wrong<console.WarningDetail, Sent["WarningDetail"]>>,
  Agreed<Wrong<console.LadderStep, Sent["LadderStep"]>>,
  Agreed<Wrong<storm.Storm, Sent["Storm"]>>,
  Agreed<Wrong<storm.StormOwner, Sent["StormOwner"]>>,
  Agreed<Wrong<console.LadderPerson, Sent["Called"]>>,
  Agreed<Wrong<console.Hop, Sent["Hop"]>>,
  Agreed<Wrong<console.CommandResult, Sent["CommandRow"]>>,
  Agreed<Wrong<console.GatewayTrust, Sent["GatewayTrust"]>>,
  Agreed<Wrong<console.CertificateRow, Sent["CertificateRow"]>>,
  Agreed<Wrong<console.CodeRow, Sent["CodeRow"]>>,
  Agreed<Wrong<console.ShownCode, Sent["ShownCode"]>>,
  Agreed<Wrong<map.MapItem, Sent["MapItem"]>>,
  Agreed<Wrong<map.MapLayer, Sent["MapLayer"]>>,
  Agreed<Wrong<map.Near, Sent["Near"]>>,
  Agreed<Wrong<map.NearLayer, Sent["NearLayer"]>>,
  Agreed<Wrong<map.AreaStanding, Sent["AreaStanding"]>>,
  Agreed<Wrong<map.EnterpriseStanding, Sent["EnterpriseStanding"]>>,
  Agreed<Wrong<map.StandingReason, Sent["StandingReason"]>>,
  Agreed<Wrong<map.FoundOnMap, Sent["Found"]>>,
  Agreed<Wrong<map.HeatSpot, Sent["HeatSpot"]>>,
  Agreed<Wrong<map.Ground, Sent["Ground"]>>,
  Agreed<Wrong<field.SwitchRow, Sent["SwitchRow"]>>,
  Agreed<Wrong<notices.NoticeRow, Sent["NoticeRow"]>>,
  Agreed<Wrong<notices.NoticeDetail, Sent["NoticeDetail"]>>,
  Agreed<Wrong<field.AbsenceRow, Sent["AbsenceRow"]>>,
  Agreed<Wrong<field.TapeRow, Sent["TapeRow"]>>,
  Agreed<Wrong<field.AtGateway, Sent["AtGateway"]>>,
  Agreed<Wrong<field.FieldTask, Sent["FieldTask"]>>,
  Agreed<Wrong<console.Settings, Sent["SettingsRow"]>>,
  Agreed<Wrong<console.SavedView, Sent["SavedView"]>>,
  Agreed<Wrong<records.RegisterEntry, Sent["Entry"]>>,
  Agreed<Wrong<records.RecordRow, Sent["Row"]>>,
  Agreed<Wrong<records.RecordDetail, Sent["Record"]>>,
  Agreed<Wrong<records.Count, Sent["Count"]>>,
  Agreed<Wrong<records.HistoryEntry, Sent["Version"]>>,
  Agreed<Wrong<records.RegisterCount, Sent["RegisterCount"]>>,
  Agreed<Wrong<records.WaitingRow, Sent["Waiting"]>>,
  Agreed<Wrong<records.Totals, Sent["Totals"]>>,
  Agreed<Wrong<codes.CodeRow, Sent["SubjectCode"]>>,
  Agreed<Wrong<codes.CodePage, Sent["SubjectCodePage"]>>,
  Agreed<Wrong<codes.Scanned, Sent["ScannedCode"]>>,
  Agreed<Wrong<console.InboxMessage, Sent["InboxMessage"]>>,
  Agreed<Wrong<console.InboxPage, Sent["InboxPage"]>>,
  Agreed<Wrong<console.AreaChoice, Sent["AreaChoice"]>>,
  Agreed<Wrong<console.SectorChoice, Sent["SectorChoice"]>>,
  Agreed<Wrong<console.DayCount, Sent["DayCount"]>>,
  Agreed<Wrong<console.Agency, Sent["Agency"]>>,
  Agreed<Wrong<console.Department, Sent["Department"]>>,
  Agreed<Wrong<console.Post, Sent["Post"]>>,
  Agreed<Wrong<console.Staff, Sent["Staff"]>>,
  Agreed<Wrong<console.OrganisationCheck, Sent["OrganisationCheck"]>>,
  Agreed<Wrong<console.Unit, Sent["Unit"]>>,
  Agreed<Wrong<console.Intermediary, Sent["Intermediary"]>>,
  Agreed<Wrong<console.NumberFormat, Sent["NumberFormat"]>>,
  Agreed<Wrong<console.Account, Sent["Account"]>>,
  Agreed<Wrong<backup.BackupRow, Sent["BackupRow"]>>,
  Agreed<Wrong<backup.BackupState, Sent["BackupState"]>>,
  Agreed<Wrong<backup.RecoveryNotice, Sent["RecoveryNotice"]>>,
];
