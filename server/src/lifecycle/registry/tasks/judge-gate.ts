import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  type Column,
  fail,
  type GateRule,
  type GoldenRow,
  type ModelFormat,
  type Signature,
} from "@causeway/contract";
import type { Program, TaskContext } from "../../../platform/processes/index.ts";
import {
  type AnswerCollector,
  amountOf,
  type ClassNames,
  classesOf,
  classNumber,
  collectAnswers,
} from "../answered-rows.ts";
import { createGateRows } from "../gate-rows.ts";
import { summarizeVerdicts } from "../gate-summary.ts";
import { type GoldenPair, judgeRule } from "../gates/index.ts";
import type { GateFindings } from "../gates-store.ts";
import type { Truth } from "../judge-classes.ts";
import { layModelFolder } from "../model-folder-writer.ts";
import { createModelProgram, type ModelProgram } from "../model-program.ts";
import type { ModelColumn } from "../signature-inputs.ts";
import { type EvaluationRows, openEvaluationRows } from "../steps/evaluation-rows.ts";
import type { VersionSide } from "../version-side-reader.ts";

/** One of the two versions. */
export type GateSide = VersionSide & {
  readonly version: number;
  readonly format: ModelFormat;
  readonly signature: Signature;
  /** Its inputs among the columns of the rows. */
  readonly columns: readonly ModelColumn[];
  readonly golden: readonly GoldenRow[];
  /** The judged class of two, where its report names one. */
  readonly positive: string | null;
};

/** What the task is given. */
export type GateOrder = {
  /** The program that holds the model runtimes. */
  readonly program: Program;
  readonly rows: {
    readonly paths: readonly string[];
    readonly schema: readonly Column[];
    readonly target: string;
  };
  readonly challenger: GateSide;
  readonly champion: GateSide | null;
  readonly rules: readonly GateRule[];
  readonly seed: number;
};

/** Scores both versions on the same rows, each by its own columns, and applies the rules. */
export async function judgeGate(order: GateOrder, context: TaskContext): Promise<GateFindings> {
  const { challenger, champion, rules, seed } = order;
  const models = createModelProgram(order.program);
  const rows = await openEvaluationRows({ ...order.rows, temporary: context.scratch });
  try {
    const { total, judged } = await rows.count();
    if (judged === 0) throw noTruth(order.rows.target, total);
    const sides = await laySides(champion === null ? [challenger] : [champion, challenger], context);
    const classes = classesOf(sides.map(({ signature }) => signature));
    const truths: Truth[] = [];
    const collected: AnswerCollector[] = [];
    for (const [index, side] of sides.entries()) {
      const progress = (done: number) =>
        context.progress({ done: index * judged + done, total: sides.length * judged, unit: "rows" });
      const asking = { side, models, rows, classes, context, progress, truths: index === 0 ? truths : null };
      collected.push(await ask(asking));
    }
    // Before the answers are put side by side: a class that only the truth knows gets its number here.
    const truth = truthOf(truths, { signature: challenger.signature, target: order.rows.target, classes });
    const positive = positiveOf({ sides, classes, truth });
    const [own, other = null] = collected.map(({ finish }) => finish({ truth, positive })).reverse();
    if (own === undefined) throw noTruth(order.rows.target, total);
    const wantsGolden = champion !== null && rules.some(({ rule }) => rule === "agrees");
    const gateRows = createGateRows({
      challenger: own,
      champion: other,
      golden: wantsGolden
        ? await answerGolden({ challenger: sides.at(-1) ?? challenger, champion, models, context })
        : [],
      columns: await readColumns(rules, rows),
      seed,
    });
    const verdicts = rules.map((rule) => judgeRule(rule, gateRows));
    const passed = verdicts.every((verdict) => verdict.passed);
    return { rows: judged, passed, verdicts, summary: summarizeVerdicts(verdicts) };
  } finally {
    rows.close();
  }
}

/** The sides with the folders of those that are made of several files. */
function laySides(sides: readonly GateSide[], { scratch }: TaskContext): Promise<GateSide[]> {
  return Promise.all(
    sides.map(async (side) => {
      if (side.files === undefined) return side;
      const path = join(scratch, `model-${side.version}`);
      await layModelFolder(path, side.files);
      return { ...side, path };
    }),
  );
}

type Asking = {
  readonly side: GateSide;
  readonly models: ModelProgram;
  readonly rows: EvaluationRows;
  readonly classes: ClassNames;
  readonly context: TaskContext;
  readonly progress: (done: number) => void;
  /** Filled by the first side that is asked; both get the same rows in the same order. */
  readonly truths: Truth[] | null;
};

/** Asks one side about every row. */
async function ask({
  side,
  models,
  rows,
  classes,
  context,
  progress,
  truths,
}: Asking): Promise<AnswerCollector> {
  const signatureFile = await writeSignature(side, context);
  let asked = 0;
  async function* records(): AsyncIterable<string> {
    for await (const { record, truth } of rows.rows(side.columns)) {
      truths?.push(truth);
      asked++;
      yield record;
    }
  }
  const collected = collectAnswers(side.signature, classes);
  let answered = 0;
  for await (const prediction of models.score({ ...side, signatureFile }, records(), NEVER)) {
    collected.add(prediction);
    answered++;
    progress(answered);
  }
  if (answered !== asked) {
    throw fail("BAD_MODEL", {
      message: `Version ${side.version} gave ${answered} answers to ${asked} rows`,
      value: answered,
      help: "Check that the model answers every row of a batch with one prediction.",
    });
  }
  return collected;
}

/** The task ends by the end of its process. */
const NEVER = new AbortController().signal;

async function writeSignature({ version, signature }: GateSide, { scratch }: TaskContext): Promise<string> {
  const file = join(scratch, `signature-${version}.json`);
  await writeFile(file, JSON.stringify(signature));
  return file;
}

function truthOf(
  truths: readonly Truth[],
  of: { signature: Signature; target: string; classes: ClassNames },
): Int32Array | Float64Array {
  return of.signature.task === "regression"
    ? Float64Array.from(truths, (truth) => amountOf(truth, of.target))
    : Int32Array.from(truths, (truth) => classNumber(truth, of.classes));
}

/** The class that reports of the versions judge, else the rarer one; null where there are not two. */
function positiveOf(judged: {
  sides: readonly GateSide[];
  classes: ClassNames;
  truth: Int32Array | Float64Array;
}): number | null {
  const { names } = judged.classes;
  if (names.length !== 2) return null;
  const named = judged.sides.findLast(({ positive }) => positive !== null)?.positive;
  if (named !== undefined && named !== null && names.includes(named)) return names.indexOf(named);
  let seconds = 0;
  for (const label of judged.truth) seconds += label;
  return seconds * 2 <= judged.truth.length ? 1 : 0;
}

/** The challenger's answers to the champion's golden rows; a column that those lack is missing. */
async function answerGolden(asking: {
  challenger: GateSide;
  champion: GateSide;
  models: ModelProgram;
  context: TaskContext;
}): Promise<GoldenPair[]> {
  const { challenger, champion, models, context } = asking;
  const signatureFile = await writeSignature(challenger, context);
  const records = champion.golden.map(({ record }) =>
    JSON.stringify(
      Object.fromEntries(challenger.signature.inputs.map(({ name }) => [name, record[name] ?? null])),
    ),
  );
  const pairs: GoldenPair[] = [];
  for await (const answer of models.score({ ...challenger, signatureFile }, records, NEVER)) {
    const row = champion.golden[pairs.length];
    if (row !== undefined) pairs.push({ row, answer });
  }
  return pairs;
}

/** The columns that rules slice by, as text, in the order of the judged rows. */
async function readColumns(
  rules: readonly GateRule[],
  rows: EvaluationRows,
): Promise<Map<string, (string | null)[]>> {
  const names = [
    ...new Set(
      rules.flatMap((rule) => (rule.rule === "at-least" && rule.slice !== undefined ? [rule.slice] : [])),
    ),
  ];
  const columns = new Map<string, (string | null)[]>(names.map((name) => [name, []]));
  if (names.length === 0) return columns;
  const wanted = names.map((name) => ({ name, type: "string" as const }));
  for await (const { record } of rows.rows(wanted)) {
    // The columns were asked for as text.
    const values = JSON.parse(record) as Record<string, string | null>;
    for (const name of names) columns.get(name)?.push(values[name] ?? null);
  }
  return columns;
}

function noTruth(target: string, total: number): Error {
  return fail("BAD_DATA", {
    message: `None of the ${total} rows has a ${target}, so there is nothing to judge by`,
    field: target,
    value: total,
    help: "Judge the versions on rows whose target is known.",
  });
}
