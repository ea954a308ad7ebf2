import type { CycleFact, PipelineRun } from "@causeway/contract";
import { cyclesStore } from "../cycles-store.ts";
import { retrainedDataset } from "../retrained-dataset.ts";
import { runPath } from "../retraining-paths.ts";
import { runLink, untilPrepared, versionLink, versionOf } from "./run-version.ts";
import { end, mark, type Station, type StationParts, type Visit, wait, watching } from "./station.ts";

/** Runs the policy's pipeline on the rows without the window that judges; the version that it registers is the challenger. */
export const train: Station = async (parts, visit) => {
  const run = visit.cycle.runs.find(({ purpose }) => purpose === "challenger");
  if (run === undefined) return begin(parts, visit, "challenger");
  const state = await parts.pipelines.getRun(run, visit.call);
  const links = [runLink(run)];
  if (!isOver(state))
    return wait(parts, visit, { says: "pipeline-runs", pipeline: run.pipeline, refit: false });
  if (state.state !== "succeeded")
    return end(parts, visit, { state: "failed", fact: failureOf(state), links });
  const challenger = await versionOf(parts, visit, state);
  const unprepared = await untilPrepared(parts, visit, challenger);
  if (unprepared !== undefined) return unprepared;
  return mark(parts, visit, {
    state: "done",
    fact: { says: "trained", version: challenger, pipeline: run.pipeline, run: run.number },
    links: [...links, versionLink(visit, challenger)],
    cycle: { challenger },
  });
};

/** Starts a run on the cycle's dataset version; the run and the cycle's note of it are one transaction. */
export async function begin(
  { pipelines }: StationParts,
  visit: Visit,
  purpose: "challenger" | "refit",
): Promise<"moved"> {
  const { cycle, call } = visit;
  const { retrain, params } = cycle.settings;
  if (cycle.dataset === null) throw new Error("a cycle that trains has its rows");
  const { param } = retrainedDataset(
    await pipelines.getPipeline({ pipeline: retrain }, call),
    cycle.settings,
  );
  const reference = `${cycle.dataset.dataset}@${cycle.dataset.version}`;
  await pipelines
    .beginRun(
      { pipeline: retrain, params: { ...params, [param]: reference }, fresh: false },
      call,
      async (tx, { number }) => {
        const store = cyclesStore(tx);
        const locked = await store.lock(cycle);
        // Whoever was first has started it: this run is not made.
        if (locked.endedAt !== null || locked.runs.some((run) => run.purpose === purpose))
          throw new AlreadyBegun();
        const run = { pipeline: retrain, number, purpose };
        await store.update(cycle, { runs: [...locked.runs, run], ...watching(locked, runPath(run)) });
      },
    )
    .catch((error: unknown) => {
      if (!(error instanceof AlreadyBegun)) throw error;
    });
  return "moved";
}

class AlreadyBegun extends Error {}

/** True once a run moves no more. */
export function isOver({ state }: Pick<PipelineRun, "state">): boolean {
  return state === "succeeded" || state === "failed" || state === "cancelled";
}

/** Why a run made no version. */
export function failureOf({ pipeline, number: run, state, problem }: PipelineRun): CycleFact {
  return state === "cancelled"
    ? { says: "run-cancelled", pipeline, run }
    : { says: "run-failed", pipeline, run, problem };
}
