import { fail, type GateRule, type ModelVersion } from "@causeway/contract";
import { findMetric, listMetrics } from "@causeway/statistics";
import { presentInputs } from "./dataset-columns.ts";
import { type JudgedDataset, noColumn, refuseSeen } from "./judged-dataset.ts";

/** What is to be judged, on which rows. */
export type GateQuestion = {
  readonly challenger: ModelVersion;
  readonly champion: ModelVersion | null;
  readonly dataset: JudgedDataset;
  readonly target: string;
  readonly rules: readonly GateRule[];
};

/** Refuses what cannot be judged: rows without a column that is needed, metrics of another task, rows seen in training. */
export function checkGateQuestion({ challenger, champion, dataset, target, rules }: GateQuestion): void {
  const columns = new Set(dataset.schema.map(({ name }) => name));
  if (!columns.has(target)) throw noColumn(dataset, target, "the target that they are judged by");
  for (const version of [challenger, ...(champion === null ? [] : [champion])]) {
    const found = presentInputs(version.signature, { schema: dataset.schema, beside: [target, dataset.key] });
    const present = new Set(found.map(({ name }) => name));
    const absent = version.signature.inputs.find(({ name }) => !present.has(name));
    if (absent !== undefined)
      throw noColumn(dataset, absent.name, `which version ${version.version} of ${version.model} reads`);
  }
  const { task } = challenger.signature;
  for (const rule of rules) {
    if ("metric" in rule && findMetric(rule.metric)?.task !== task) throw noMetric(rule.metric, challenger);
    if (rule.rule === "at-least" && rule.slice !== undefined && !columns.has(rule.slice))
      throw noColumn(dataset, rule.slice, "which a rule slices by");
    if (rule.rule === "agrees" && champion === null) throw nothingToAgreeWith(challenger);
  }
  if (champion !== null && champion.signature.task !== challenger.signature.task)
    throw otherTask(challenger, champion);
  if (rules.some(({ rule }) => rule === "better" || rule === "not-worse" || rule === "at-least")) {
    refuseSeen(challenger, dataset, "rows");
    if (champion !== null) refuseSeen(champion, dataset, "rows");
  }
}

function noMetric(metric: string, { model, signature }: ModelVersion): Error {
  const known = listMetrics().filter(({ task }) => task === signature.task);
  return fail("INVALID_FIELD", {
    message: `${metric} does not judge ${model}, whose task is ${signature.task}`,
    field: "rules",
    value: metric,
    help: `Choose one of ${known.map(({ name }) => name.replaceAll("-", "_")).join(", ")}.`,
  });
}

function nothingToAgreeWith({ model, version }: ModelVersion): Error {
  return fail("INVALID_FIELD", {
    message: `There is no version that version ${version} of ${model} could agree with`,
    field: "against",
    value: null,
    help: "Name the version that it repeats as `against`.",
  });
}

function otherTask(challenger: ModelVersion, champion: ModelVersion): Error {
  return fail("CONFLICT", {
    message: `Version ${challenger.version} is for ${challenger.signature.task}, version ${champion.version} for ${champion.signature.task}`,
    field: "against",
    value: champion.version,
    help: "Judge it against a version of the same task, or against none.",
  });
}
