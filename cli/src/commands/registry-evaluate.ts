import { setTimeout as pause } from "node:timers/promises";
import { type Estimate, fail, type VersionEvaluation } from "@causeway/contract";
import type { Command } from "commander";
import { count, metric, pace, short } from "../formats.ts";
import { action, type Session } from "../session.ts";

/** Between two looks at an evaluation. */
const LOOK_MS = 200;

/** `causeway registry evaluate`. */
export function addEvaluateCommand(registry: Command): void {
  registry
    .command("evaluate <model> <version> <dataset@version>")
    .description(
      "judge a version that came without a report on rows with truth; its monitors compare with them from then on",
    )
    .requiredOption("--target <column>", "the column that holds the truth")
    .option("--positive <label>", "the judged class of two; the rarer one unless said")
    .action(action(evaluate));
}

async function evaluate(
  { client, out }: Session,
  [model, given, dataset]: [string, string, string],
  options: { target: string; positive?: string },
): Promise<void> {
  const key = { model, version: Number(given) };
  let found = await client.registry.evaluateVersion({ ...key, dataset, ...options });
  let startedAt: number | null = null;
  while (found.endedAt === null) {
    if (found.progress === null)
      out.progress.update(found.state === "running" ? "loading the model" : "waiting for a worker");
    else {
      startedAt ??= performance.now();
      out.progress.update(pace("asking", found.progress, { startedAt, now: performance.now() }));
    }
    await pause(LOOK_MS);
    found = await client.registry.getEvaluation(key);
  }
  out.progress.done();
  if (found.state !== "succeeded") throw notEvaluated(found);
  out.answer(found, () => resultLine(found));
}

/** What was found, in one line: "churn version 1 on customers@9f31c2, 1,750 rows: auc 0.846 (0.821 to 0.869), …". */
function resultLine({ model, version, dataset, datasetVersion, report }: VersionEvaluation): string {
  const metrics = report?.metrics.map(estimate).join(", ") ?? "";
  return `${model} version ${version} on ${dataset}@${short(datasetVersion)}, ${count(report?.rows ?? 0)} rows: ${metrics}`;
}

function estimate({ name, value, low, high }: Estimate): string {
  const interval = low === null || high === null ? "" : ` (${metric(low)} to ${metric(high)})`;
  return `${name} ${metric(value)}${interval}`;
}

function notEvaluated(found: VersionEvaluation): Error {
  const { model, version, dataset, datasetVersion, state, problem, failure } = found;
  return fail(failure?.code ?? "BAD_DATA", {
    message: `Version ${version} of ${model} was not evaluated: ${problem ?? state}`,
    field: "dataset",
    value: `${dataset}@${short(datasetVersion)}`,
    help:
      failure?.help ??
      "mend the rows or name others, and evaluate it again; a report of before stays until then",
  });
}
