// English words of what is done and looked into at a gateway from afar, and of the installer's day.

import type { fieldWords as Words } from "../zh-CN/field.ts";

export const fieldWords: typeof Words = {
  switches: {
    heading: "Other outputs and remote operation",
    on: "On",
    off: "Off",
    unknown: "State unknown",
    failed: "Does not follow",
    readBack: "Read back at the plant",
    local: "Shown only: the gateway's configuration lets nobody switch it from afar",
    pulse: (seconds) => `Goes off by itself after ${seconds} s`,
    onWhen: (conditions) => `On only while: ${conditions}`,
    offWhen: (conditions) => `Off only while: ${conditions}`,
    condition: (given) =>
      given.includes("/")
        ? given.startsWith("not ")
          ? `${given.slice(4)} not in alarm`
          : `${given} in alarm`
        : given,
    whoMay: (kinds) => `May be switched by: ${kinds}`,
    kinds: {
      enterprise: "the enterprise",
      supervisor: "supervising agencies",
      inspector: "inspectors",
      installer: "installers",
    },
    notMine: "The gateway does not allow it to people of your kind",
    turnOn: "Switch on",
    turnOff: "Switch off",
    ask: (name, on) => `${on ? "Switch on" : "Switch off"}: ${name}`,
    what: (on) =>
      `A signed order goes to the plant to switch this relay ${on ? "on" : "off"}. The gateway checks who asks and its interlocks, carries it out and reads back; only what it read back is shown here. Who asked and why is audited. Horns and beacons are not touched.`,
    reasons: ["Asked for at the plant", "Emergency", "Drill", "Commissioning"],
    last: (what, by) => `Last: ${what} by ${by}`,
    orders: { "switch-on": "switched on", "switch-off": "switched off" },
  },
  absences: {
    heading: "Offline periods",
    none: "Never offline",
    now: "until now",
    reason: {
      network: "Network cut; the gateway ran on",
      restarted: "The gateway began again",
      revoked: "Revoked",
      unknown: "Reason unknown",
    },
    lasted: (span) => `for ${span}`,
    late: (events) => `${events} events came late`,
    waiting: (batches) => `${batches} batches waited on return`,
    nothingLate: "Nothing came late",
  },
  tapes: {
    heading: "Bus black box",
    note: "The black box keeps the raw bytes of about the last ten minutes; once fetched it can be replayed on the bench.",
    look: "Look at the gateway",
    fetch: "Fetch",
    nowOf: (bus) => `Bus ${bus}, as it is now`,
    what: (name) =>
      `Fetch ${name} from the gateway. Alarms at the plant are not affected; who asked and why is audited.`,
    reasons: ["Time-outs", "Odd values", "Instrument silent", "Kept for acceptance"],
    dumps: "Kept by the gateway itself",
    noDumps: "The gateway kept none",
    kept: "Fetched",
    none: "None fetched yet",
    download: "Download",
    size: (kb) => `${kb} kB`,
  },
  fieldTasks: {
    title: "Installer's day",
    note: "What waits for an installer in this region, the most urgent first.",
    kind: "Matter",
    kinds: {
      offline: "Gateway offline",
      bus: "Bus in trouble",
      configuration: "Configuration not in force",
      certificate: "Certificate ending",
      enrol: "Waits to be enrolled",
      commission: "Commissioning unfinished",
    },
    gateway: "Gateway",
    enterprise: "Enterprise",
    detail: "What",
    all: "All",
    empty: "Nothing of this kind",
    emptyAll: "Nothing to do",
    offlineSince: "Last heartbeat",
    never: "Never online",
    busAway: (bus, why) => `Bus ${bus} not connected${why ? `: ${why}` : ""}`,
    busSilent: (bus, n) => `Bus ${bus}: ${n} instruments silent`,
    configuration: (version, why) => `Version ${version} came back${why ? `: ${why}` : ""}`,
    certificate: (at) => `Certificate ends ${at} and did not renew itself`,
    enrol: (at) => `Code good until ${at}`,
    enrolOver: (at) => `Code ended ${at}, not enrolled yet`,
    commission: (n, keys) => `${n} points never tried: ${keys}`,
  },
};
