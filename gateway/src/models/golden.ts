import type { GoldenRow, Prediction } from "@causeway/contract";

/** Numbers of a golden row may differ by this share; two machines' floating point may. */
const RELATIVE_TOLERANCE = 1e-6;
/** Below this difference numbers are equal: single precision says nothing about the 10th decimal of a probability. */
const ABSOLUTE_TOLERANCE = 1e-9;

export type GoldenResult = {
  readonly equal: number;
  readonly rows: number;
  /** The first row that came back differently, with both answers; null when none did. */
  readonly mismatch: {
    readonly row: number;
    readonly expected: Prediction;
    readonly got: Prediction | null;
  } | null;
};

/** Compares answers with what the golden rows recorded. */
export function compareGolden(golden: readonly GoldenRow[], answers: readonly Prediction[]): GoldenResult {
  const different = golden.flatMap((expected, row) => {
    const got = answers[row] ?? null;
    return got && samePrediction(expected.prediction, got)
      ? []
      : [{ row, expected: expected.prediction, got }];
  });
  return { equal: golden.length - different.length, rows: golden.length, mismatch: different[0] ?? null };
}

/** The report's sentence on a mismatch: the row, what was recorded and what came. */
export function describeMismatch(result: GoldenResult): string {
  const { mismatch, rows, equal } = result;
  if (!mismatch) return `all ${rows} golden rows came back as recorded`;
  const expected = JSON.stringify(mismatch.expected);
  const got = JSON.stringify(mismatch.got);
  return `${rows - equal} of ${rows} golden rows came back differently; row ${mismatch.row}: recorded ${expected}, got ${got}`;
}

function samePrediction(expected: Prediction, got: Prediction): boolean {
  if (!sameValue(expected.value, got.value)) return false;
  const expectedScores = expected.scores ?? {};
  const gotScores = got.scores ?? {};
  const names = Object.keys(expectedScores);
  if (names.length !== Object.keys(gotScores).length) return false;
  return names.every((name) => sameValue(expectedScores[name] ?? null, gotScores[name] ?? null));
}

function sameValue(expected: Prediction["value"], got: Prediction["value"]): boolean {
  if (Array.isArray(expected)) {
    return (
      Array.isArray(got) &&
      got.length === expected.length &&
      expected.every((value, index) => sameValue(value, got[index] ?? null))
    );
  }
  if (typeof expected !== "number" || typeof got !== "number") return expected === got;
  const difference = Math.abs(expected - got);
  return (
    difference <= ABSOLUTE_TOLERANCE ||
    difference <= RELATIVE_TOLERANCE * Math.max(Math.abs(expected), Math.abs(got))
  );
}
