import type { AlertKind, Estimate, MonitorSettings, Signature } from "@causeway/contract";
import type { KeptSummary } from "../data/index.ts";
import type { LogSources } from "../deployments/index.ts";
import type { WindowSpan } from "./window-plan.ts";
import type { WindowDetail, WindowSummary } from "./windows-store.ts";

/** A version whose answers the log may hold. */
export type ServedVersion = {
  readonly version: number;
  readonly model: string;
  readonly signature: Signature;
  /** The judged class of two and the metrics of its evaluation; null where it was registered without one. */
  readonly report: { readonly positive: string | null; readonly metrics: readonly Estimate[] } | null;
  /** The evaluation document that holds its profile; null where there is none. */
  readonly reference: { readonly digest: string; readonly path: string } | null;
};

/** What a window keeps of its columns, so that the same season of a later year can be compared with it. */
export type WindowProfile = {
  readonly version: number;
  readonly columns: readonly { readonly name: string; readonly summary: KeptSummary }[];
  readonly prediction: KeptSummary | null;
};

/** What one task computes; written by the worker, read by the task: JSON. */
export type MeasureOrder = {
  readonly sources: LogSources;
  /** Newest truth of the rows; null where there is none. */
  readonly truth: string | null;
  /** Closed windows to compute anew. */
  readonly restated: readonly WindowSpan[];
  /** New windows are cut from the rows from here on; null: none are. */
  readonly cut: {
    readonly after: number | null;
    readonly closedUntil: number;
    /** Rows in all windows before, for windows by count. */
    readonly before: number;
  } | null;
  readonly settings: MonitorSettings;
  readonly versions: readonly ServedVersion[];
  /** Earlier windows in order, with whether they alarmed. */
  readonly history: readonly { readonly start: number; readonly alarmed: boolean }[];
  /** Counts of earlier windows by their start. */
  readonly profiles: readonly { readonly start: number; readonly profile: WindowProfile }[];
};

/** A window as it was computed, before the service's figures are known. */
export type MeasuredWindow = {
  readonly span: WindowSpan;
  readonly restated: boolean;
  /** Server times between which its rows were received. */
  readonly received: { readonly from: string; readonly until: string };
  readonly summary: Omit<WindowSummary, "closedAt" | "restated" | "restatedAt" | "service">;
  readonly detail: WindowDetail;
  readonly profile: WindowProfile;
  readonly problem: string | null;
};

/** What the task answers where a file was compacted away under it: list the files again. */
export type Moved = { readonly moved: true };

/** What the task answers. `more` where windows are left for another task. */
export type Measured = {
  readonly windows: readonly MeasuredWindow[];
  readonly more: boolean;
};

/** Alarms that count as false while nothing changes: the service's and the missing truth's are no matter of chance. */
export const CHANCE_ALARMS: readonly AlertKind[] = [
  "data-drift",
  "prediction-drift",
  "performance",
  "quality",
];
