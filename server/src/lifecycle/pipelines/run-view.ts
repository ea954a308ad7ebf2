import type { Attempt, PipelineRun, PipelineVersion, StepRun } from "@causeway/contract";
import type { AttemptRow } from "./attempts-store.ts";
import type { VersionRow } from "./pipelines-store.ts";
import type { RunRow, StepRow } from "./runs-store.ts";

/** A run without its steps, as the wire shows it. */
export function runHead(run: RunRow): Omit<PipelineRun, "steps"> {
  return {
    pipeline: run.pipeline,
    number: run.number,
    version: run.version,
    state: run.state,
    params: run.params,
    datasets: run.datasets,
    problem: run.problem,
    createdAt: run.createdAt.toISOString(),
    startedAt: run.startedAt?.toISOString() ?? null,
    endedAt: run.endedAt?.toISOString() ?? null,
    createdBy: run.createdBy,
  };
}

/** A run with its steps and attempts, as the wire shows it. */
export function runView(
  run: RunRow,
  steps: readonly StepRow[],
  attempts: readonly AttemptRow[],
): PipelineRun {
  return {
    ...runHead(run),
    steps: steps
      .filter((step) => step.run === run.id)
      .map((step) =>
        stepView(
          step,
          attempts.filter((attempt) => attempt.run === run.id && attempt.step === step.name),
        ),
      ),
  };
}

/** A version as the wire shows it. */
export function versionView(pipeline: string, version: VersionRow): PipelineVersion {
  return {
    pipeline,
    digest: version.digest,
    definition: version.definition,
    createdAt: version.createdAt.toISOString(),
    createdBy: version.createdBy,
  };
}

function stepView(step: StepRow, attempts: readonly AttemptRow[]): StepRun {
  return {
    name: step.name,
    state: step.state,
    why: step.why,
    cachedFrom: step.cachedFrom,
    summary: step.summary,
    attempts: attempts.map(attemptView),
    outputs: { ...step.outputs },
    startedAt: step.startedAt?.toISOString() ?? null,
    endedAt: step.endedAt?.toISOString() ?? null,
  };
}

function attemptView(attempt: AttemptRow): Attempt {
  return {
    number: attempt.number,
    state: attempt.state,
    worker: attempt.worker,
    run: attempt.experimentRun,
    startedAt: attempt.startedAt.toISOString(),
    endedAt: attempt.endedAt?.toISOString() ?? null,
    exitCode: attempt.exitCode,
    problem: attempt.problem,
    usage: attempt.usage,
  };
}
