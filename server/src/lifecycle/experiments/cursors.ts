import { fail } from "@causeway/contract";
import type { RunCursor } from "./experiments-store.ts";
import type { PointCursor } from "./run-details-store.ts";

/** Reads a page's place among things that are numbered; undefined for the first page. */
export function parseNumberCursor(after: string | undefined): number | undefined {
  if (after === undefined) return undefined;
  if (!/^\d{1,9}$/.test(after)) throw notACursor(after);
  return Number(after);
}

/** Where a page of runs goes on, as text. */
export function runCursor({ startedAt, id }: RunCursor): string {
  return `${startedAt.getTime()}.${id}`;
}

/** Reads `runCursor` back; undefined for the first page. */
export function parseRunCursor(after: string | undefined): RunCursor | undefined {
  if (after === undefined) return undefined;
  const [, ms, id] = /^(\d{1,15})\.([0-9a-f]{32})$/.exec(after) ?? [];
  if (ms === undefined || id === undefined) throw notACursor(after);
  return { startedAt: new Date(Number(ms)), id };
}

/** Where a page of points goes on, as text. */
export function pointCursor({ step, atMs, value }: PointCursor): string {
  return `${step}/${atMs}/${value}`;
}

/** Reads `pointCursor` back; undefined for the first page. */
export function parsePointCursor(after: string | undefined): PointCursor | undefined {
  if (after === undefined) return undefined;
  const [, step, ms, value] = /^(-?\d{1,16})\/(-?\d{1,16})\/([-+\w.]{1,32})$/.exec(after) ?? [];
  if (step === undefined || ms === undefined || value === undefined) throw notACursor(after);
  if (value !== "NaN" && Number.isNaN(Number(value))) throw notACursor(after);
  return { step: Number(step), atMs: Number(ms), value: Number(value) };
}

function notACursor(after: string) {
  return fail("INVALID_FIELD", {
    message: `after is not the next of a page: ${after}`,
    field: "after",
    value: after,
    help: "Give back the `next` of the page before, or leave after out for the first page.",
  });
}

/** Where a page of logged models goes on, as text. */
export function modelCursor({ createdAt, id }: { createdAt: Date; id: string }): string {
  return `${createdAt.getTime()}.${id}`;
}

/** Reads `modelCursor` back; undefined for the first page. */
export function parseModelCursor(after: string | undefined): { createdAt: Date; id: string } | undefined {
  if (after === undefined) return undefined;
  const [, ms, id] = /^(\d{1,15})\.(m-[0-9a-f]{32})$/.exec(after) ?? [];
  if (ms === undefined || id === undefined) throw notACursor(after);
  return { createdAt: new Date(Number(ms)), id };
}
