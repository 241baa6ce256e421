// The help in English, short: the same articles as in Chinese.

import type { Article } from "./article.ts";

export const english: readonly Article[] = [
  {
    key: "home",
    pages: ["/"],
    title: "Home: what to look at first",
    keywords: "start overview due answer",
    text: [
      "The order on the page is the order of work: what needs an answer now, what is due today, then the jurisdiction at a glance. Every number can be opened.",
    ],
  },
  {
    key: "warnings",
    pages: ["/warnings"],
    title: "Warnings and how to handle them",
    keywords: "acknowledge handle false alarm close red orange yellow blue keys",
    text: [
      "The list shows open warnings, the gravest first. Filters stay in the address, so a link can be sent.",
      "- Acknowledge: you take charge; calls pause until the handling time is over.",
      "- Report handling: cause and measures; what you have not sent is kept in this browser.",
      "- Mark as false alarm: red and orange need a second person.",
      "- Verify and close: done by the supervising agency, never while the alarm still stands.",
      "Keys: j next, k previous, Enter opens, a acknowledges, h handles.",
    ],
  },
  {
    key: "registers",
    pages: ["/registers", "/records-waiting"],
    title: "Registers: find, fill in, review, import",
    keywords: "register draft submit review return import export template history attachment picture",
    text: [
      "The page lists every register; type a part of its name. On top stands what waits for you: to review, returned to you, begun by you.",
      "A list is filtered by state and by its fields; the filter is part of the address, and a filter that you use often can be given a name.",
      "When you fill in a form:",
      "- What is marked * is required. What you type is kept on this device at once; what counts nowhere yet is kept as a draft at the centre too.",
      "- If something is wrong, a list on top names every place; tap it to go there.",
      "- Pictures are made small before they are sent; with a bad network tap “Try again”.",
      "- If somebody else changed the record meanwhile, the fields that both of you changed stand side by side and you choose.",
      "A register that is reviewed counts once the supervising agency approved it; until then what was approved before counts.",
      "For many records use “Import”: fill in the template, try it first, see what would happen, then carry it out; bad rows come back as a sheet.",
      "The history says field by field who changed what, when and why.",
    ],
  },
  {
    key: "tasks",
    pages: ["/tasks"],
    title: "Tasks",
    keywords: "to do verify review",
    text: ["What waits for an answer, what somebody is on, what wants verification or a second look."],
  },
  {
    key: "covered",
    pages: ["/covered"],
    title: "Covered alarms",
    keywords: "shelved out of service suppressed bad data",
    text: [
      "Alarms that keep silent: shelved (with an end), out of service (until somebody puts them back), suppressed by design, or not to be judged because their data is bad. None of them is forgotten here.",
    ],
  },
  {
    key: "enterprises",
    pages: ["/enterprises"],
    title: "Enterprises",
    keywords: "contact phone values points trend",
    text: [
      "Enterprises with open warnings come first. A page holds the contact, open warnings, live values with their limits, and the gateways. Stale values are greyed and say how old they are.",
    ],
  },
  {
    key: "devices",
    pages: ["/devices"],
    title: "Gateways",
    keywords: "heartbeat offline enrolment code configuration horn clock",
    text: [
      "Gateways with the instruments and outputs behind them, those that are offline first. An offline gateway still sounds its alarms on site and sends its data later.",
    ],
  },
  {
    key: "field-tasks",
    pages: ["/field-tasks"],
    title: "Tasks of installers",
    keywords: "offline bus enrolment certificate",
    text: ["What waits for an installer at gateways and instruments, the most urgent kind first."],
  },
  {
    key: "organisation",
    pages: [
      "/agencies",
      "/departments",
      "/posts",
      "/staff",
      "/committee-units",
      "/intermediaries",
      "/number-formats",
    ],
    title: "Organisation",
    keywords: "agencies departments posts staff committee intermediaries numbers",
    text: [
      "You keep your own agency and those below. What is in use cannot be deleted; the refusal says by whom. Numbers are masked and shown whole with a reason, which is logged.",
    ],
  },
  {
    key: "accounts",
    pages: ["/accounts", "/recovery-requests"],
    title: "Accounts and help with signing in",
    keywords: "new switch off unlock reset review recovery",
    text: [
      "Accounts are made within your own area and rights. A one-time password is shown once. Requests of people who cannot get in reach you by the bell.",
    ],
  },
  {
    key: "roles",
    pages: ["/roles"],
    title: "Roles and permissions",
    keywords: "scope sectors built-in",
    text: ["A role says what may be done and what may be seen: all, custom, own, own and below, self."],
  },
  {
    key: "regions",
    pages: ["/regions"],
    title: "Regions and moves",
    keywords: "codes reorganisation successor",
    text: [
      "Codes that ended stay and name their successors. A move takes an enterprise with everything of it.",
    ],
  },
  {
    key: "subject-codes",
    pages: ["/codes"],
    title: "Subject codes",
    keywords: "qr print revoke scan",
    text: [
      "Every enterprise, shelter, rescue team, store of supplies and disaster point has a code to print and post on site.",
      "- Whoever scans it reads the public part and the number to call, without an account. Officials who sign in open everything; staff go straight to their reports.",
      "- A code that is damaged, lost or posted elsewhere is revoked and renewed; the old one then says since when.",
    ],
  },
  {
    key: "backups",
    pages: ["/backups"],
    title: "Backups",
    keywords: "restore verify schedule",
    text: ["Taken on schedule and tried by restoring them; a failed or late one is told by the bell."],
  },
  {
    key: "audit",
    pages: ["/audit", "/audit-days", "/message-log"],
    title: "Audit",
    keywords: "log verify export messages",
    text: [
      "Every change with before, after, who, from where and why; append only, chained, signed each day. Each kind of administrator reads their own part.",
    ],
  },
  {
    key: "leader",
    pages: ["/leader"],
    title: "Leader mode",
    keywords: "numbers week worst",
    text: [
      "One screen: what waits, how much is online, the week, and the three enterprises that stand worst.",
    ],
  },
  {
    key: "monitor",
    pages: ["/monitor"],
    title: "Monitoring: map, list and charts in step",
    keywords: "map wall live offline state",
    text: [
      "Map, list and charts show the same jurisdiction; the filter of states above acts on all of them.",
      "- The number in a circle counts enterprises; its ring and its badge show the worst level among them and how many warnings are open.",
      "- Enterprises with a red or orange warning stand for themselves; red ones say their name.",
      "- A hollow dot means that a gateway is offline. What is normal is grey.",
      "Choose an enterprise on the map or in the list to see its live values and its contact. A circle zooms in.",
      "The line above has the six scenes of supervision, each figure with its list. The wall is a dark page for the duty room.",
    ],
  },
  {
    key: "map",
    pages: ["/map"],
    title: "One map: layers, nearby, heat",
    keywords: "map layers nearby shelters hospitals heat park measure position tiles",
    text: [
      "Enterprises and resources are found by name above; Measure adds up the way between places.",
      "Three tabs on the right:",
      "- Layers: what is shown, with how much there is; each number opens its list.",
      "- Nearby: choose a place or an enterprise to list what lies within 500 m, 1, 3 or 5 km, the nearest first.",
      "- Heat: from the district over parks and townships to enterprises, with the reasons of each; running now, or of 7 or 30 days.",
      "Enterprises without a position are not on the map; their number stands below the layers. Positions are filled in with the basic information (WGS-84), or chosen on the map.",
      "The tile source is set by whoever runs the centre; without one, loaded boundaries are drawn.",
    ],
  },
  {
    key: "view",
    pages: [],
    title: "Only some areas and industries",
    keywords: "filter area industry township",
    text: [
      "The funnel at the top narrows every page to chosen areas and industries; all are chosen at first. The choice is kept in the address. New red warnings are shown and sounded whatever the pages are narrowed to.",
    ],
  },
  {
    key: "modes",
    pages: [],
    title: "Leader, monitoring, business",
    keywords: "mode switch",
    text: [
      "The switch at the top left changes the mode; business is the one after signing in, unless you set another.",
    ],
  },
  {
    key: "messages",
    pages: ["/messages"],
    title: "Messages",
    keywords: "bell unread",
    text: ["What was addressed to you. Opening a message marks it as read on all of your devices."],
  },
  {
    key: "settings",
    pages: ["/settings", "/me"],
    title: "Settings",
    keywords: "language sound columns density mode",
    text: ["Language, sound, opening mode, density and columns follow your account to every device."],
  },
  {
    key: "scan",
    pages: ["/scan"],
    title: "Scan",
    keywords: "QR camera",
    text: ["Reads a QR code of this system and opens its page; codes from elsewhere are not opened."],
  },
  {
    key: "rights",
    pages: [],
    title: "Why can I not see or open it?",
    keywords: "permission jurisdiction role",
    text: [
      "Your role and jurisdiction decide what you see. A page that you may not open names the permission it needs.",
    ],
  },
];
