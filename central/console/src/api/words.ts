// The words and shapes that all domains share.

export type Level = "red" | "orange" | "yellow" | "blue";
export const LEVELS: readonly Level[] = ["red", "orange", "yellow", "blue"];

export type Presence = "online" | "late" | "offline" | "none";

export type QualityText = "good" | "uncertain" | "bad";

export interface Page<Row> {
  items: Row[];
  next: string | null;
}

export type ByLevel = Record<Level, number>;
