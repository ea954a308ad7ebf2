import type { Json, Signature, TruthValue } from "@causeway/contract";

/** A row of a request. */
export type RowName = { readonly request: string; readonly row: number };

/** How a row is named in the log. */
export function rowKey({ request, row }: RowName): string {
  return `${request}.${row}`;
}

/** Whether the answer differs from what turned out to be true. */
export function isWrong(predicted: Json, truth: TruthValue): boolean {
  if (typeof truth === "number") return Number(predicted) !== truth;
  return String(predicted) !== String(truth);
}

/** What a model's truths look like. */
export type TruthShape = Pick<Signature, "task" | "classes">;

/** A truth as it is kept, or what was expected instead. */
export type Checked =
  | { readonly ok: true; readonly value: TruthValue }
  | { readonly ok: false; readonly expected: string };

const AMOUNT = /^\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*$/;
/** Classes named in a refusal. */
const MOST_NAMED = 20;

/** Brings a truth into the form of the model's answers: a class label as text, an amount as a number. */
export function checkTruth(value: TruthValue, { task, classes }: TruthShape): Checked {
  if (value === null || task === "other") return { ok: true, value };
  if (task === "classification") {
    const label = String(value);
    if (classes.includes(label)) return { ok: true, value: label };
    return { ok: false, expected: `one of the classes ${named(classes)}` };
  }
  if (typeof value === "number" && Number.isFinite(value)) return { ok: true, value };
  if (typeof value === "string" && AMOUNT.test(value)) return { ok: true, value: Number(value) };
  return { ok: false, expected: "a number" };
}

function named(classes: readonly string[]): string {
  const more = classes.length > MOST_NAMED ? ` and ${classes.length - MOST_NAMED} more` : "";
  return classes.slice(0, MOST_NAMED).join(", ") + more;
}

/** For how long truth of an unknown prediction is held: the log of a remote gateway may still be on its way. */
export const HELD_MS = 10 * 60_000;

/** Whether an unknown prediction is young enough for its log line to be still on its way. */
export function mayStillCome(requestedAt: Date, now: Date): boolean {
  return now.getTime() - requestedAt.getTime() < HELD_MS;
}
