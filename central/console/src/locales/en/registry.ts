// English words of enterprises.

import type { registryWords as Words } from "../zh-CN/registry.ts";
import { plural } from "./plural.ts";

export const registryWords: typeof Words = {
  enterprises: {
    title: "Enterprises",
    search: "Search by name or code",
    name: "Enterprise",
    level: "Worst warning",
    open: "Open warnings",
    presence: "Presence",
    points: "Points",
    badPoints: (n) => `${n} bad`,
    newest: "Newest data",
    contact: "Contact",
    region: "Region",
    industry: "Industry",
    empty: "No enterprise matches",
    emptyAll: "No enterprise is registered in your jurisdiction yet",
    state: "State",
    anyState: "Any state",
    withOpen: "With open warnings",
    offline: "Offline",
    normal: "Normal",
    none: "None",
  },
  enterprise: {
    code: "Code",
    creditCode: "Credit code",
    address: "Address",
    hazard: "Hazard class",
    supervision: "Supervised by",
    call: (name) => `Call ${name}`,
    noContact: "No contact registered",
    noPhone: "No phone registered",
    openWarnings: "Open warnings",
    points: "Live values",
    pointCount: (n) => plural(n, "point"),
    noPoints: "No points yet. They appear by themselves once a gateway has connected.",
    gateways: "Gateways",
    noGateways: "No gateway yet",
    lastHour: "Last hour",
    missing: "This enterprise was not found, or it is outside your jurisdiction",
    all: "All its warnings",
  },
};
