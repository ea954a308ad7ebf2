import type { ColumnDrift, MonitorSettings, QualityFact } from "@causeway/contract";
import {
  type ColumnComparison,
  type ColumnSummary,
  compareColumn,
  judgeWindow,
  missingOf,
  rowsOf,
  wilson,
} from "@causeway/statistics";
import { columnShape } from "./column-shape.ts";
import { psiOf } from "./columns-over-time.ts";

/** A column of a window beside its reference, and beside the same season where there is one. */
export type MeasuredColumn = {
  readonly name: string;
  readonly reference: ColumnSummary;
  readonly current: ColumnSummary;
  /** Rows with values that the training schema does not know. */
  readonly outside: number;
  readonly examples: readonly string[];
  readonly season: {
    readonly start: string;
    readonly reference: ColumnSummary;
    readonly current: ColumnSummary;
  } | null;
};

/** What a window is judged by. */
export type DriftRules = Pick<MonitorSettings, "drift" | "quality"> & { readonly level: number };

/** What a window's columns and answers say together. */
export type DriftJudgement = {
  readonly columns: readonly ColumnDrift[];
  readonly prediction: ColumnDrift | null;
  readonly quality: readonly {
    readonly column: string;
    readonly problem: string;
    readonly fact: QualityFact;
  }[];
};

/** Values outside the schema are a problem where their share exceeds the limit beyond chance, over all columns together. */
const OUTSIDE_CONFIDENCE = 0.999;

/**
 * Judges every column and the prediction as one family, so that a window where nothing changed alarms at the rate of its
 * level, however many columns there are.
 */
export function judgeDrift(
  columns: readonly MeasuredColumn[],
  prediction: MeasuredColumn | null,
  rules: DriftRules,
): DriftJudgement {
  const all = prediction === null ? columns : [...columns, prediction];
  const compared = all.map(({ reference, current }) => compareColumn(reference, current));
  const limits = { level: rules.level, effect: rules.drift.effect };
  const verdicts = judgeWindow(compared, limits);
  const seasons = judgeSeasons(all, limits);
  const drifts = all.map((column, index): ColumnDrift => {
    const comparison = compared[index] ?? compareColumn(column.reference, column.current);
    const { adjustedP = 1, drifted = false, missingAdjustedP = 1 } = verdicts[index] ?? {};
    const missingGrew = missingAdjustedP <= rules.level && comparison.missingChange > rules.quality.growth;
    return {
      column: column.name,
      kind: column.reference.kind,
      rows: column.current.rows,
      referenceRows: column.reference.rows,
      effect: comparison.effect,
      effectLimit: rules.drift.effect,
      pValue: comparison.pValue,
      adjustedP,
      drifted,
      scores: comparison.scores.map((score) => ({ ...score })),
      missing: {
        share: share(missingOf(column.current), rowsOf(column.current)),
        referenceShare: share(missingOf(column.reference), rowsOf(column.reference)),
        pValue: comparison.missingP,
        drifted: missingGrew,
      },
      outside: {
        rows: column.outside,
        share: share(column.outside, column.current.rows),
        // The schema was widened by the very rows that the reference was made of.
        referenceShare: 0,
        examples: [...column.examples],
      },
      season: seasons[index] ?? null,
      shape: columnShape(column.reference, column.current) ?? EMPTY_SHAPE,
    };
  });
  const judged = drifts.slice(0, columns.length);
  return {
    columns: judged,
    prediction: drifts[columns.length] ?? null,
    quality: judged.flatMap((drift) => problemsOf(drift, rules.quality.growth)),
  };
}

const EMPTY_SHAPE: ColumnDrift["shape"] = {
  kind: "categorical",
  values: [],
  other: { current: 0, reference: 0 },
};

/** The same family of tests against the season. */
function judgeSeasons(
  columns: readonly MeasuredColumn[],
  limits: { level: number; effect: number },
): ColumnDrift["season"][] {
  const pairs = columns.map(({ season }) =>
    season === null ? null : { start: season.start, ...compared(season.reference, season.current) },
  );
  const verdicts = judgeWindow(
    pairs.filter((pair) => pair !== null),
    limits,
  );
  let place = 0;
  return pairs.map((pair) => {
    if (pair === null) return null;
    const { drifted = false } = verdicts[place++] ?? {};
    return { start: pair.start, effect: pair.effect, psi: psiOf({ scores: [...pair.scores] }) ?? 0, drifted };
  });
}

function compared(reference: ColumnSummary, current: ColumnSummary): ColumnComparison {
  return compareColumn(reference, current);
}

function problemsOf({ column, kind, missing, outside, rows }: ColumnDrift, growth: number) {
  const facts: QualityFact[] = [];
  if (missing.drifted) {
    const { share, referenceShare } = missing;
    facts.push({ kind: "missing", share, referenceShare, examples: [] });
  }
  const sure = rows > 0 && wilson(outside.rows, rows, OUTSIDE_CONFIDENCE).low > growth;
  if (sure) {
    const { share, examples } = outside;
    const what = kind === "numeric" ? "out-of-range" : "unseen";
    facts.push({ kind: what, share, referenceShare: null, examples: [...examples] });
  }
  return facts.map((fact) => ({ column, problem: problemText(fact), fact }));
}

function problemText({ kind, share, referenceShare, examples }: QualityFact): string {
  const seen = examples.length === 0 ? "" : `, such as ${examples.join(", ")}`;
  switch (kind) {
    case "missing":
      return `${percent(share)} missing, ${percent(referenceShare ?? 0)} in the reference`;
    case "out-of-range":
      return `${percent(share)} outside the training range${seen}`;
    case "unseen":
      return `${percent(share)} of unseen categories${seen}`;
    default:
      return kind satisfies never;
  }
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

/** A share as people read it. */
export function percent(value: number): string {
  return `${(value * 100).toFixed(value !== 0 && value < 0.1 ? 1 : 0)} %`;
}
