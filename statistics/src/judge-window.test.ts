import { expect, it } from "vitest";
import { COLUMNS, type Stream, stableStream } from "../testing/drawn-columns.ts";
import { compareColumn } from "./compare-column.ts";
import { judgeWindow } from "./judge-window.ts";
import { windowLevel } from "./window-level.ts";

const FALSE_ALARMS = 0.01;
const EFFECT = 0.1;

/** Verdicts of a window of 30 columns against the stream's reference. */
function verdicts(stream: Stream, window: { rows: number; shift?: number; history: readonly boolean[] }) {
  const columns = stream.window(window.rows, window.shift);
  const compared = stream.references.flatMap((reference, i) => {
    const current = columns[i];
    return current ? [compareColumn(reference, current)] : [];
  });
  const level = windowLevel({ falseAlarms: FALSE_ALARMS, history: window.history });
  return judgeWindow(compared, { level, effect: EFFECT });
}

it.each([
  { rows: 100, reference: 1500, seed: 11 },
  { rows: 1000, reference: 10_000, seed: 12 },
  { rows: 10_000, reference: 1500, seed: 13 },
])(
  "M1/false-alarms at most 20 of 1,000 stable windows of 30 columns alarm at $rows rows against $reference",
  {
    timeout: 120_000,
  },
  ({ rows, reference, seed }) => {
    expect(COLUMNS).toHaveLength(30);
    const stream = stableStream({ rows: reference, seed });
    const history: boolean[] = [];
    for (let window = 0; window < 1000; window++) {
      const found = verdicts(stream, { rows, history });
      history.push(found.some(({ drifted, missingDrifted }) => drifted || missingDrifted));
    }
    expect(history.filter(Boolean).length).toBeLessThanOrEqual(20);
  },
);

it.each([
  { quiet: 0, reference: 1500, seed: 21 },
  { quiet: 900, reference: 10_000, seed: 22 },
])(
  "M1/power a column that moves by half a standard deviation alarms in 95 % of windows of 1,000 rows, $quiet quiet windows before",
  {
    timeout: 60_000,
  },
  ({ quiet, reference, seed }) => {
    const stream = stableStream({ rows: reference, seed });
    const history = new Array<boolean>(quiet).fill(false);
    let alarmed = 0;
    for (let window = 0; window < 100; window++) {
      const [first] = verdicts(stream, { rows: 1000, shift: 0.5, history });
      if (first?.drifted) alarmed++;
    }
    expect(alarmed).toBeGreaterThanOrEqual(95);
  },
);

it("M1/false-discovery counts a window's columns and their missing values as one family", () => {
  const quiet = { effect: 0, pValue: 1, missingP: 1, missingChange: 0, scores: [] };
  const moved = { ...quiet, effect: 0.3, pValue: 0.001 };
  const found = judgeWindow([moved, ...new Array(29).fill(quiet)], { level: 0.01, effect: EFFECT });
  expect(found[0]).toMatchObject({ adjustedP: 0.06, drifted: false });
  const [alone] = judgeWindow([moved], { level: 0.01, effect: EFFECT });
  expect(alone).toMatchObject({ adjustedP: 0.002, drifted: true, missingDrifted: false });
});

it("lets no change pass as drift that is sure but small", () => {
  const small = { effect: 0.02, pValue: 1e-30, missingP: 1e-30, missingChange: -0.03, scores: [] };
  expect(judgeWindow([small], { level: 0.01, effect: EFFECT })).toMatchObject([
    { drifted: false, missingDrifted: false },
  ]);
  const gone = { ...small, missingChange: 0.4 };
  expect(judgeWindow([gone], { level: 0.01, effect: EFFECT })[0]?.missingDrifted).toBe(true);
});
