import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Column, fail, type ModelFormat, type Signature } from "@causeway/contract";
import type { Program, TaskContext } from "../../../platform/processes/index.ts";
import { matchLabel } from "../class-labels.ts";
import type { EvaluationDocument } from "../evaluation-document.ts";
import { layModelFolder } from "../model-folder-writer.ts";
import { createModelProgram } from "../model-program.ts";
import type { ModelColumn } from "../signature-inputs.ts";
import { type EvaluationRows, openEvaluationRows } from "../steps/evaluation-rows.ts";
import { judgeRows } from "../steps/judge-rows.ts";
import type { VersionSide } from "../version-side-reader.ts";

/** What the task is given. */
export type EvaluationOrder = {
  /** The program that holds the model runtimes. */
  readonly program: Program;
  /** `digest` names it in the report. */
  readonly model: VersionSide & {
    readonly format: ModelFormat;
    readonly signature: Signature;
    readonly digest: string;
  };
  readonly rows: {
    readonly paths: readonly string[];
    readonly schema: readonly Column[];
    readonly columns: readonly ModelColumn[];
  };
  readonly dataset: { readonly name: string; readonly version: string; readonly subject: string };
  readonly target: string;
  readonly positive: string | null;
};

/** The task ends by the end of its process; a step of a pipeline is asked to stop. */
type Judging = Pick<TaskContext, "scratch" | "progress"> & { readonly signal?: AbortSignal };

/** Judges a registered version by the columns of its own signature. */
export async function evaluateVersion(
  order: EvaluationOrder,
  { scratch, progress, signal = NEVER }: Judging,
): Promise<EvaluationDocument> {
  const { model, dataset, target, positive } = order;
  const rows = await openEvaluationRows({ ...order.rows, target, temporary: scratch });
  try {
    const { total, judged } = await rows.count();
    if (judged === 0) throw noTruth(target, total);
    await checkClasses(model.signature.classes, { rows, target });
    const path = model.files === undefined ? model.path : join(scratch, "model");
    if (model.files !== undefined) await layModelFolder(path, model.files);
    const signatureFile = join(scratch, "signature.json");
    await writeFile(signatureFile, JSON.stringify(model.signature));
    return await judgeRows({
      model: { ...model, path, signatureFile },
      models: createModelProgram(order.program),
      rows,
      judged,
      columns: order.rows.columns,
      signature: model.signature,
      target,
      positive,
      dataset,
      signal,
      progress: (done) => progress({ done, total: judged, unit: "rows" }),
    });
  } finally {
    rows.close();
  }
}

/** The task ends by the end of its process. */
const NEVER = new AbortController().signal;

/** Values of the target that are looked at, in their order. */
const MOST_VALUES = 1_000;

/** A model that names its classes by their places, beside a target that holds their names, would be wrong in every row. */
async function checkClasses(
  classes: readonly string[],
  { rows, target }: { rows: EvaluationRows; target: string },
): Promise<void> {
  if (classes.length === 0) return;
  const values = await rows.targetValues(MOST_VALUES);
  if (values.length === MOST_VALUES || values.some((value) => matchLabel(value, classes) !== undefined))
    return;
  throw fail("BAD_DATA", {
    message: `No value of ${target} is one of the model's classes ${classes.join(", ")}: it holds ${values.slice(0, 5).join(", ")}. Name another target, or log the model with their names in the order of its outputs: log_model(..., metadata={"classes": [...]})`,
    field: target,
    value: values[0],
    help: "Evaluate it again by the column that it predicts.",
  });
}

function noTruth(target: string, total: number): Error {
  return fail("BAD_DATA", {
    message: `None of the ${total} rows has a ${target}, so there is nothing to judge by`,
    field: target,
    value: total,
    help: "Judge the version on rows whose truth is known.",
  });
}
