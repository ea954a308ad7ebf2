import { fail, type GoldenRow, type Prediction, type Signature } from "@causeway/contract";
import type { EvaluationDocument } from "../evaluation-document.ts";
import { chooseGoldenRows } from "../golden-choice.ts";
import { chooseJudge } from "../judge.ts";
import type { Judge, Judgement } from "../judge-classes.ts";
import type { ModelOnDisk, ModelProgram } from "../model-program.ts";
import { createPredictionProfile, type PredictionProfile } from "../prediction-profile.ts";
import type { ReferenceProfile } from "../reference-profile.ts";
import type { ModelColumn } from "../signature-inputs.ts";
import { type EvaluationRow, type EvaluationRows, parseRecord } from "./evaluation-rows.ts";

/** A model beside the rows that it is judged on. */
export type RowsToJudge = {
  /** `digest` names what is judged in the report. */
  readonly model: ModelOnDisk & { readonly digest: string; readonly signatureFile: string };
  readonly models: Pick<ModelProgram, "score">;
  readonly rows: EvaluationRows;
  /** How many of the rows have a truth. */
  readonly judged: number;
  /** The columns that the model is given, in its order. */
  readonly columns: readonly ModelColumn[];
  readonly signature: Signature;
  readonly target: string;
  /** The judged class of two; the rarer one where it is null. */
  readonly positive: string | null;
  readonly dataset: { readonly name: string; readonly version: string; readonly subject: string };
  readonly signal: AbortSignal;
  /** Told how many rows are answered. */
  readonly progress?: (done: number) => void;
};

/** Asks a model about every row and makes what is known of it from then on: the report, golden rows, the reference of monitors. */
export async function judgeRows(judging: RowsToJudge): Promise<EvaluationDocument> {
  const { model, models, rows, judged, columns, signature, target, dataset } = judging;
  const asked: EvaluationRow[] = [];
  async function* records(): AsyncIterable<string> {
    for await (const row of rows.rows(columns)) {
      asked.push(row);
      yield row.record;
    }
  }
  const answers = models.score(model, records(), judging.signal);
  const { judgement, golden, predictions } = await compare(judging, answers, asked);
  if (judgement.rows !== judged) throw missingAnswers(judgement.rows, judged);
  const reference: ReferenceProfile = {
    rows: judged,
    columns: await rows.profile(columns.filter(isWatched)),
    prediction: predictions.finish({ target, positive: judgement.positive }),
    prevalence: prevalenceOf(judgement),
  };

  const { classes: _classes, ...found } = judgement;
  return {
    ...found,
    target,
    dataset: dataset.version,
    model: model.digest,
    signature,
    golden,
    evaluatedOn: {
      subject: dataset.subject,
      title: `${dataset.name}@${dataset.version.slice(0, 6)}`,
    },
    reference,
  };
}

/** Tensors and values of any shape are served and logged, and are no columns to watch. */
function isWatched({ type }: ModelColumn): boolean {
  return type !== "tensor" && type !== "json";
}

/** Share of the judged class among the rows. */
function prevalenceOf({ positive, confusion, rows }: Judgement): number | null {
  if (positive === null || confusion === null) return null;
  const counts = confusion.counts[confusion.labels.indexOf(positive)] ?? [];
  return counts.reduce((sum, count) => sum + count, 0) / rows;
}

/** Takes answers in the order of the questions; `asked` holds only those that are on their way. */
async function compare(
  { judged, signature, target, positive, dataset, progress }: RowsToJudge,
  answers: AsyncIterable<Prediction>,
  asked: EvaluationRow[],
): Promise<{ judgement: Judgement; golden: GoldenRow[]; predictions: PredictionProfile }> {
  const chosen = new Set(chooseGoldenRows(judged, dataset.version));
  const golden: GoldenRow[] = [];
  const predictions = createPredictionProfile();
  let judge: Judge | undefined;
  let place = 0;
  for await (const prediction of answers) {
    const row = asked.shift();
    if (row === undefined) throw missingAnswers(place + 1, place);
    if (Array.isArray(prediction.value)) throw severalNumbers(prediction.value.length);
    judge ??= chooseJudge({ target, positive, task: taskOf(signature, positive) }, row.truth, prediction);
    judge.add(row.truth, prediction);
    predictions.add(prediction);
    if (chosen.has(place)) golden.push({ record: parseRecord(row.record), prediction });
    place++;
    progress?.(place);
  }
  if (judge === undefined) throw missingAnswers(0, 1);
  return { judgement: judge.finish(), golden, predictions };
}

/** The signature's task; a model that says nothing of it is judged by its first answer, or by the class that is asked for. */
function taskOf({ task }: Signature, positive: string | null): "classification" | "regression" | null {
  if (task !== "other") return task;
  return positive === null ? null : "classification";
}

/** What a network gives for a row may be its classes' logits or so many amounts. */
function severalNumbers(count: number): Error {
  return fail("BAD_MODEL", {
    message: `The model answers a row with ${count} numbers, and does not say that they belong to classes: log it with their names in the order of its outputs, log_model(..., metadata={"classes": [...]}), and with an input example`,
    value: count,
    help: "Register it again when it is logged so.",
  });
}

function missingAnswers(got: number, expected: number): Error {
  return fail("BAD_MODEL", {
    message: `The model gave ${got} answers to ${expected} rows`,
    value: got,
    help: "Check that the model answers every row of a batch with one prediction.",
  });
}
