// Every page of the menu, one line each: subsystem, address, words, operation needed, icon, the page itself.

import {
  ApartmentOutlined,
  ApiOutlined,
  AuditOutlined,
  BankOutlined,
  BarChartOutlined,
  BellOutlined,
  BookOutlined,
  CarryOutOutlined,
  CheckSquareOutlined,
  ClockCircleOutlined,
  CloudOutlined,
  ClusterOutlined,
  ControlOutlined,
  DashboardOutlined,
  EnvironmentOutlined,
  ExperimentOutlined,
  ExportOutlined,
  FieldNumberOutlined,
  FileDoneOutlined,
  FileProtectOutlined,
  FundOutlined,
  GlobalOutlined,
  HomeOutlined,
  IdcardOutlined,
  InboxOutlined,
  KeyOutlined,
  LineChartOutlined,
  LinkOutlined,
  LockOutlined,
  MailOutlined,
  MedicineBoxOutlined,
  MessageOutlined,
  NotificationOutlined,
  PauseCircleOutlined,
  QrcodeOutlined,
  RadarChartOutlined,
  SafetyCertificateOutlined,
  SaveOutlined,
  ScheduleOutlined,
  SlidersOutlined,
  SolutionOutlined,
  StopOutlined,
  TeamOutlined,
  ToolOutlined,
  UserSwitchOutlined,
} from "@ant-design/icons";
import type { ComponentType } from "react";
import type { Me, Overview } from "../api/types.ts";
import type { Catalogue } from "../locales/index.tsx";
import type { Subsystem } from "./subsystems.ts";

type Load = () => Promise<ComponentType>;

export interface MenuEntry {
  subsystem: Subsystem;
  path: string;
  words: (text: Catalogue) => string;
  /** The operation that the page needs; several: any of them. Without it the page says so in one sentence. */
  operation?: string | readonly string[];
  icon: ComponentType;
  page: Load;
  /** Pages below this one, by the rest of their address: `{ ":id": load }`. */
  below?: Readonly<Record<string, Load>>;
  /** Not for everybody who has the operation: an enterprise has no agencies below it. */
  hidden?: (me: Me) => boolean;
  /** A short way for this person, in place of `path`. */
  to?: (me: Me) => string;
  /** How many things wait there. */
  count?: (view: Overview) => number;
}

const ofEnterprise = (me: Me) => me.enterprise_id !== null;

export const MENU: readonly MenuEntry[] = [
  {
    subsystem: "home",
    path: "/",
    words: (t) => t.nav.home,
    icon: HomeOutlined,
    page: async () => (await import("../home/Home.tsx")).Home,
  },
  {
    subsystem: "home",
    path: "/map",
    words: (t) => t.map.title,
    icon: EnvironmentOutlined,
    page: async () => (await import("../map/MapPage.tsx")).MapPage,
  },
  {
    subsystem: "warning",
    path: "/warnings",
    words: (t) => t.nav.warnings,
    icon: BellOutlined,
    page: async () => (await import("../warning/WarningList.tsx")).WarningList,
    below: { ":id": async () => (await import("../warning/WarningPage.tsx")).WarningPage },
    count: (view) => view.needs_answer.count,
  },
  {
    subsystem: "warning",
    path: "/tasks",
    words: (t) => t.nav.tasks,
    icon: CheckSquareOutlined,
    page: async () => (await import("../home/Tasks.tsx")).Tasks,
  },
  {
    subsystem: "warning",
    path: "/covered",
    words: (t) => t.nav.covered,
    icon: StopOutlined,
    page: async () => (await import("../covered/CoveredList.tsx")).CoveredList,
  },
  {
    subsystem: "warning",
    path: "/windows",
    words: (t) => t.windows.title,
    icon: PauseCircleOutlined,
    page: async () => (await import("../warning/Windows.tsx")).Windows,
  },
  {
    subsystem: "warning",
    path: "/approvals",
    words: (t) => t.approvals.title,
    operation: ["warn", "approve"],
    icon: NotificationOutlined,
    page: async () => (await import("../warning/Approvals.tsx")).Approvals,
  },
  {
    subsystem: "warning",
    path: "/notices",
    words: (t) => t.notices.title,
    icon: MailOutlined,
    page: async () => (await import("../notices/Notices.tsx")).Notices,
    below: { ":id": async () => (await import("../notices/NoticePage.tsx")).NoticePage },
  },
  {
    subsystem: "warning",
    path: "/external-warnings",
    words: (t) => t.outside.title,
    icon: CloudOutlined,
    page: async () => (await import("../warning/Outside.tsx")).Outside,
  },
  {
    subsystem: "warning",
    path: "/shortages",
    words: (t) => t.shortages.title,
    operation: "see",
    icon: MedicineBoxOutlined,
    page: async () => (await import("../warning/Shortages.tsx")).Shortages,
    hidden: ofEnterprise,
  },
  {
    subsystem: "warning",
    path: "/levels",
    words: (t) => t.levels.title,
    operation: "see",
    icon: ControlOutlined,
    page: async () => (await import("../warning/Levels.tsx")).Levels,
    below: { ":id": async () => (await import("../warning/LevelDraftPage.tsx")).LevelDraftPage },
  },
  {
    subsystem: "warning",
    path: "/warning-statistics",
    words: (t) => t.warningCounts.title,
    icon: BarChartOutlined,
    page: async () => (await import("../quality/WarningCounts.tsx")).WarningCounts,
  },
  {
    subsystem: "warning",
    path: "/quality",
    words: (t) => t.alarmQuality.title,
    icon: DashboardOutlined,
    page: async () => (await import("../quality/Quality.tsx")).Quality,
  },
  {
    subsystem: "warning",
    path: "/management-thresholds",
    words: (t) => t.thresholds.title,
    icon: SlidersOutlined,
    page: async () => (await import("../patrol/Thresholds.tsx")).Thresholds,
  },
  {
    subsystem: "warning",
    path: "/risk",
    words: (t) => t.risk.title,
    operation: "see",
    icon: FundOutlined,
    page: async () => (await import("../risk/Overview.tsx")).Overview,
    below: {
      enterprises: async () => (await import("../risk/EnterpriseRisks.tsx")).EnterpriseRisks,
      "enterprises/:id": async () => (await import("../risk/IndexPage.tsx")).EnterpriseIndex,
      "areas/:code": async () => (await import("../risk/IndexPage.tsx")).AreaIndex,
      "areas/:code/:sector": async () => (await import("../risk/IndexPage.tsx")).IndustryIndex,
      models: async () => (await import("../risk/Models.tsx")).Models,
      "models/:id": async () => (await import("../risk/ModelPage.tsx")).ModelPage,
      "drafts/:id": async () => (await import("../risk/DraftPage.tsx")).DraftPage,
    },
  },
  {
    subsystem: "warning",
    path: "/kept-warnings",
    words: (t) => t.keptWarnings.title,
    operation: "close",
    icon: ExportOutlined,
    page: async () => (await import("../warning/KeptList.tsx")).KeptList,
  },
  {
    subsystem: "registry",
    path: "/enterprises",
    words: (t) => t.nav.enterprises,
    icon: BankOutlined,
    page: async () => (await import("../registry/EnterpriseList.tsx")).EnterpriseList,
    below: { ":id": async () => (await import("../registry/EnterprisePage.tsx")).EnterprisePage },
    to: (me) => (me.enterprise_id ? `/enterprises/${me.enterprise_id}` : "/enterprises"),
  },
  {
    subsystem: "registry",
    path: "/workbench",
    words: (t) => t.workbench.title,
    icon: CarryOutOutlined,
    page: async () => (await import("../registry/Workbench.tsx")).Workbench,
    hidden: (me) => me.enterprise_id === null,
  },
  {
    subsystem: "registry",
    path: "/enterprise-applications",
    words: (t) => t.applications.title,
    operation: "enterprise-life",
    icon: FileDoneOutlined,
    page: async () => (await import("../registry/Applications.tsx")).Applications,
  },
  // Tabs of the list of enterprises: known to the frame, without a line of their own.
  {
    subsystem: "registry",
    path: "/enterprise-batches",
    words: (t) => t.batches.title,
    operation: "enterprise-life",
    icon: FileDoneOutlined,
    page: async () => (await import("../registry/Batches.tsx")).Batches,
    hidden: () => true,
  },
  {
    subsystem: "registry",
    path: "/enterprise-pairs",
    words: (t) => t.pairs.title,
    operation: "enterprise-life",
    icon: FileDoneOutlined,
    page: async () => (await import("../registry/Pairs.tsx")).Pairs,
    hidden: () => true,
  },
  {
    subsystem: "registry",
    path: "/enterprise-removals",
    words: (t) => t.removals.title,
    operation: "enterprise-life",
    icon: FileDoneOutlined,
    page: async () => (await import("../registry/Removals.tsx")).Removals,
    hidden: () => true,
  },
  {
    subsystem: "registry",
    path: "/promises",
    words: (t) => t.promises.title,
    operation: "see",
    icon: ScheduleOutlined,
    page: async () => (await import("../promises/Promises.tsx")).Promises,
  },
  {
    subsystem: "registry",
    path: "/reminders",
    words: (t) => t.reminders.title,
    operation: "see",
    icon: ClockCircleOutlined,
    page: async () => (await import("../promises/Reminders.tsx")).Reminders,
  },
  {
    subsystem: "registry",
    path: "/registers",
    words: (t) => t.records.title,
    operation: "see",
    icon: BookOutlined,
    page: async () => (await import("../registry/records/Catalogue.tsx")).Catalogue,
    below: {
      ":name": async () => (await import("../registry/records/RecordList.tsx")).RecordList,
      ":name/import": async () => (await import("../registry/records/ImportPage.tsx")).ImportPage,
      ":name/new": async () => (await import("../registry/records/RecordFormPage.tsx")).RecordFormPage,
      ":name/:id": async () => (await import("../registry/records/RecordPage.tsx")).RecordPage,
      ":name/:id/edit": async () => (await import("../registry/records/RecordFormPage.tsx")).RecordFormPage,
    },
  },
  {
    subsystem: "registry",
    path: "/records-waiting",
    words: (t) => t.records.inbox.title,
    operation: ["review", "register"],
    icon: InboxOutlined,
    page: async () => (await import("../registry/records/Inbox.tsx")).Inbox,
  },
  {
    subsystem: "registry",
    path: "/codes",
    words: (t) => t.subjectCodes.title,
    operation: "see",
    icon: QrcodeOutlined,
    page: async () => (await import("../codes/Codes.tsx")).Codes,
  },
  {
    subsystem: "devices",
    path: "/devices",
    words: (t) => t.nav.devices,
    icon: ApiOutlined,
    page: async () => (await import("../devices/Devices.tsx")).Devices,
  },
  {
    subsystem: "devices",
    path: "/connections",
    words: (t) => t.connection.title,
    icon: LinkOutlined,
    page: async () => (await import("../connection/ConnectionPage.tsx")).ConnectionPage,
    below: {
      devices: async () => (await import("../connection/Devices.tsx")).Devices,
      periods: async () => (await import("../connection/Periods.tsx")).Periods,
      reports: async () => (await import("../connection/Reports.tsx")).Reports,
      faults: async () => (await import("../connection/Faults.tsx")).Faults,
      rates: async () => (await import("../connection/Rates.tsx")).Rates,
    },
    to: (me) => (me.enterprise_id ? "/connections/devices" : "/connections"),
  },
  {
    subsystem: "devices",
    path: "/trends",
    words: (t) => t.trends.title,
    icon: LineChartOutlined,
    page: async () => (await import("../telemetry/TrendsPage.tsx")).TrendsPage,
  },
  {
    subsystem: "devices",
    path: "/back-test",
    words: (t) => t.backtest.title,
    icon: ExperimentOutlined,
    page: async () => (await import("../quality/BackTestPage.tsx")).BackTestPage,
  },
  {
    subsystem: "devices",
    path: "/patrol",
    words: (t) => t.patrol.title,
    icon: RadarChartOutlined,
    page: async () => (await import("../patrol/PatrolList.tsx")).PatrolList,
    below: { ":id": async () => (await import("../patrol/PatrolEnterprise.tsx")).PatrolEnterprise },
    to: (me) => (me.enterprise_id ? `/patrol/${me.enterprise_id}` : "/patrol"),
  },
  // Tabs of the patrol: known to the frame, without a line of their own.
  {
    subsystem: "devices",
    path: "/patrol-findings",
    words: (t) => t.patrol.findings,
    icon: RadarChartOutlined,
    page: async () => (await import("../patrol/PatrolFindings.tsx")).PatrolFindings,
    hidden: () => true,
  },
  {
    subsystem: "devices",
    path: "/patrol-rules",
    words: (t) => t.patrol.rules,
    icon: RadarChartOutlined,
    page: async () => (await import("../patrol/PatrolRules.tsx")).PatrolRules,
    hidden: () => true,
  },
  {
    subsystem: "devices",
    path: "/field-tasks",
    words: (t) => t.fieldTasks.title,
    operation: "device",
    icon: ToolOutlined,
    page: async () => (await import("../devices/FieldTasks.tsx")).FieldTasks,
  },
  {
    subsystem: "system",
    path: "/agencies",
    words: (t) => t.organisation.agencies.title,
    operation: "see",
    icon: ApartmentOutlined,
    page: async () => (await import("../organisation/Agencies.tsx")).Agencies,
    hidden: ofEnterprise,
  },
  {
    subsystem: "system",
    path: "/departments",
    words: (t) => t.organisation.departments.title,
    operation: "organisation",
    icon: ClusterOutlined,
    page: async () => (await import("../organisation/Departments.tsx")).Departments,
  },
  {
    subsystem: "system",
    path: "/posts",
    words: (t) => t.organisation.posts.title,
    operation: "organisation",
    icon: IdcardOutlined,
    page: async () => (await import("../organisation/Posts.tsx")).Posts,
  },
  {
    subsystem: "system",
    path: "/staff",
    words: (t) => t.organisation.staff.title,
    operation: "organisation",
    icon: TeamOutlined,
    page: async () => (await import("../organisation/People.tsx")).People,
  },
  {
    subsystem: "system",
    path: "/accounts",
    words: (t) => t.organisation.accounts.title,
    operation: "account",
    icon: UserSwitchOutlined,
    page: async () => (await import("../organisation/Accounts.tsx")).Accounts,
  },
  {
    subsystem: "system",
    path: "/committee-units",
    words: (t) => t.organisation.units.title,
    operation: "organisation",
    icon: SolutionOutlined,
    page: async () => (await import("../organisation/Units.tsx")).Units,
    hidden: ofEnterprise,
  },
  {
    subsystem: "system",
    path: "/intermediaries",
    words: (t) => t.organisation.intermediaries.title,
    operation: "organisation",
    icon: SafetyCertificateOutlined,
    page: async () => (await import("../organisation/Intermediaries.tsx")).Intermediaries,
    hidden: ofEnterprise,
  },
  {
    subsystem: "system",
    path: "/number-formats",
    words: (t) => t.organisation.numbers.title,
    operation: "organisation",
    icon: FieldNumberOutlined,
    page: async () => (await import("../organisation/Numbers.tsx")).Numbers,
    hidden: ofEnterprise,
  },
  {
    subsystem: "system",
    path: "/recovery-requests",
    words: (t) => t.recovery.title,
    operation: "account",
    icon: KeyOutlined,
    page: async () => (await import("../identity/RecoveryRequests.tsx")).RecoveryRequests,
  },
  {
    subsystem: "system",
    path: "/sign-in-rules",
    words: (t) => t.signInRules.title,
    operation: "role",
    icon: LockOutlined,
    page: async () => (await import("../identity/SignInRules.tsx")).SignInRules,
  },
  {
    subsystem: "system",
    path: "/backups",
    words: (t) => t.backups.title,
    operation: "backup",
    icon: SaveOutlined,
    page: async () => (await import("../backup/Backups.tsx")).Backups,
  },
  {
    subsystem: "system",
    path: "/audit",
    words: (t) => t.audit.title,
    operation: ["audit", "audit-system", "audit-security", "account"],
    icon: AuditOutlined,
    page: async () => (await import("../audit/AuditList.tsx")).AuditList,
  },
  {
    subsystem: "system",
    path: "/audit-days",
    words: (t) => t.audit.days.title,
    operation: "audit",
    icon: FileProtectOutlined,
    page: async () => (await import("../audit/AuditDays.tsx")).AuditDays,
  },
  {
    subsystem: "system",
    path: "/message-log",
    words: (t) => t.audit.messages.title,
    operation: ["account", "audit", "audit-system"],
    icon: MessageOutlined,
    page: async () => (await import("../audit/MessageLog.tsx")).MessageLog,
  },
  {
    subsystem: "system",
    path: "/roles",
    words: (t) => t.roles.title,
    operation: "role",
    icon: LockOutlined,
    page: async () => (await import("../roles/Roles.tsx")).Roles,
  },
  {
    subsystem: "system",
    path: "/regions",
    words: (t) => t.regions.title,
    operation: "region",
    icon: GlobalOutlined,
    page: async () => (await import("../regions/Regions.tsx")).Regions,
    below: {
      moves: async () => (await import("../regions/Moves.tsx")).Moves,
      reorganisations: async () => (await import("../regions/Reorganisations.tsx")).Reorganisations,
    },
  },
];

/** Pages without a line in the menu, by address. */
export const OTHER_PAGES: Readonly<Record<string, Load>> = {
  "/leader": async () => (await import("../home/Leader.tsx")).Leader,
  "/monitor": async () => (await import("../home/Monitor.tsx")).Monitor,
  "/messages": async () => (await import("../messages/MessageList.tsx")).MessageList,
  "/scan": async () => (await import("../home/Scan.tsx")).Scan,
  "/settings": async () => (await import("../settings/SettingsPage.tsx")).SettingsPage,
  "/api-keys": async () => (await import("../identity/ApiKeys.tsx")).ApiKeys,
  "/me": async () => (await import("../identity/MyPage.tsx")).MyPage,
  "*": async () => (await import("./NoPage.tsx")).NoPage,
};

/** Pages without the frame of the console, for paper and for the wall; who opens one is signed in. */
export const BARE_PAGES: Readonly<Record<string, Load>> = {
  "/wall": async () => (await import("../wall/Wall.tsx")).Wall,
  "/codes/sheet": async () => (await import("../codes/CodeSheet.tsx")).CodeSheet,
  "/codes/open/:token": async () => (await import("../codes/Alone.tsx")).OpenCode,
  "/registers/:name/:id/print": async () => (await import("../codes/PrintRecord.tsx")).PrintRecord,
};

/** Pages that ask nobody who they are, not even in passing. */
export const OPEN_PAGES: Readonly<Record<string, Load>> = {
  "/apply": async () => (await import("../identity/Apply.tsx")).Apply,
  "/c/:token": async () => (await import("../codes/CodePage.tsx")).CodePage,
};

/** Whether somebody may open the page of a line. */
export function opens(entry: MenuEntry, me: Me): boolean {
  if (entry.operation === undefined) return true;
  const wanted = typeof entry.operation === "string" ? [entry.operation] : entry.operation;
  return wanted.some((operation) => me.may.includes(operation));
}

export function visible(me: Me): MenuEntry[] {
  return MENU.filter((entry) => opens(entry, me) && !entry.hidden?.(me));
}

/** The line to which an address belongs: the longest that it begins with. */
export function entryOf(pathname: string): MenuEntry | undefined {
  return MENU.filter((entry) =>
    entry.path === "/" ? pathname === "/" : pathname === entry.path || pathname.startsWith(`${entry.path}/`),
  ).sort((a, b) => b.path.length - a.path.length)[0];
}
