// The subsystems of the top bar, in their order.

export const SUBSYSTEMS = ["home", "warning", "registry", "devices", "system"] as const;
export type Subsystem = (typeof SUBSYSTEMS)[number];
