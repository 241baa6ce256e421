// English words of roles and permissions.

import type { rolesWords as chinese } from "../zh-CN/roles.ts";

export const rolesWords: typeof chinese = {
  roles: {
    title: "Roles and permissions",
    lead: "A role decides what may be done, how far one sees, and in which sectors; changes count from the next action on.",
    empty: "No role fits",
    add: "New role",
    name: "Name",
    kind: "Kind",
    kindHelp: "The kind decides which operations and data scopes there are; it stays as it was saved.",
    dataScope: "Data scope",
    dataScopeHelp:
      "Custom and oneself: the areas or enterprises given to the account. Own department: what the agency itself supervises.",
    sectors: "Sectors",
    sectorsHelp: "None chosen means all sectors.",
    allSectors: "All sectors",
    operations: "Operations",
    accounts: "Accounts",
    note: "Note",
    builtIn: "Built in",
    builtInNote: "Built-in roles stay as they are; copy one to make your own",
    notYours: "You do not have this yourself and cannot grant it",
    edit: "Edit",
    copy: "Copy as a new role",
    copyOf: (name) => `${name} (copy)`,
    change: (name) => `Edit role: ${name}`,
    remove: "Delete",
    removeTitle: (name) => `Delete the role “${name}”?`,
    removeWhat: "A role that accounts still have cannot be deleted.",
  },
};
