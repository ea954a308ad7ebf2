import { fail, type ModelVersion, type PipelineRun } from "@causeway/contract";
import { versionPath } from "../../registry/index.ts";
import { cyclesStore } from "../cycles-store.ts";
import { parseVersionPath, runPath } from "../retraining-paths.ts";
import { change, end, type StationParts, type Visit, wait, watching } from "./station.ts";

/** The version of the policy's model that a run made: its steps' output, else what a client of MLflow registered in a step. */
export async function versionOf(
  parts: Pick<StationParts, "registry" | "pipelines">,
  visit: Pick<Visit, "policy" | "call">,
  run: PipelineRun,
): Promise<number> {
  const { policy, call } = visit;
  const { model } = policy;
  const { pipeline, number, steps } = run;
  const outputs = steps
    .flatMap((step) => Object.values(step.outputs))
    .flatMap(({ subject }) => (subject === null ? [] : (parseVersionPath(subject) ?? [])))
    .filter((made) => made.model === model);
  const newest = outputs.at(-1);
  if (newest !== undefined) return newest.version;
  const registered =
    (await parts.registry.findVersionOfRun({ model, pipeline, number }, call)) ??
    (await versionOfCached(parts, visit, run));
  if (registered !== undefined) return registered.version;
  throw fail("CONFLICT", {
    message: `Run ${number} of ${pipeline} registered no version of ${model}`,
    field: "settings.retrain",
    value: pipeline,
    help: `End the pipeline with register({ name: "${model}", ... }), or let a Python step log its model with MLflow: log_model(..., registered_model_name="${model}"). Then deploy it again.`,
  });
}

/** A step whose results were taken from an earlier run registered its version there. */
async function versionOfCached(
  { registry, pipelines }: Pick<StationParts, "registry" | "pipelines">,
  { policy, call }: Pick<Visit, "policy" | "call">,
  { pipeline, steps }: PipelineRun,
): Promise<ModelVersion | undefined> {
  for (const { name, cachedFrom } of steps.toReversed()) {
    if (cachedFrom === null) continue;
    const earlier = { pipeline, number: cachedFrom };
    const made = await registry.findVersionOfRun({ model: policy.model, ...earlier }, call);
    if (made === undefined) continue;
    const step = (await pipelines.getRun(earlier, call)).steps.find((one) => one.name === name);
    // Another step of that run may have registered it.
    if (step?.attempts.some(({ run }) => run === made.run)) return made;
  }
  return undefined;
}

/** Waits until a version of the policy's model can be asked; undefined once it can. */
export async function untilPrepared(
  parts: StationParts,
  visit: Visit,
  version: number,
): Promise<"moved" | "wait" | undefined> {
  const { policy, call, cycle } = visit;
  const { model } = policy;
  const { preparation } = await parts.registry.getVersion({ model, version }, call);
  const { state, step, problem } = preparation;
  if (state === "ready") return undefined;
  if (state === "preparing") {
    const subject = versionPath({ model, version });
    if (cycle.watches.includes(subject)) return wait(parts, visit, { says: "preparing", version, step });
    // Looked at again with the watch written down: the preparation may end in between.
    await change(visit, (tx, locked) => cyclesStore(tx).update(locked, watching(locked, subject)));
    return "moved";
  }
  return end(parts, visit, {
    state: "failed",
    fact: { says: "unprepared", version, blocked: state !== "failed", problem },
    links: [...cycle.runs.slice(-1).map(runLink), versionLink(visit, version)],
  });
}

/** A link to a run. */
export function runLink(run: { pipeline: string; number: number }) {
  return { title: `${run.pipeline} run ${run.number}`, subject: runPath(run) };
}

/** A link to a version of the policy's model. */
export function versionLink({ policy }: Pick<Visit, "policy">, version: number) {
  return {
    title: `${policy.model} version ${version}`,
    subject: versionPath({ model: policy.model, version }),
  };
}
