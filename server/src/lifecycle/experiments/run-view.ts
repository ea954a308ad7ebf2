import type { Run } from "@causeway/contract";
import type { StoredRun } from "./experiments-store.ts";
import { toReal } from "./real.ts";
import type { RunDetails } from "./run-details-store.ts";
import { NOTE_TAG, RUN_NAME_TAG } from "./run-tags.ts";

/** Joins runs with what hangs on them, in the runs' order. */
export function viewRuns(runs: readonly StoredRun[], details: ReadonlyMap<number, RunDetails>): Run[] {
  return runs.map((run) => viewRun(run, details.get(run.key)));
}

function viewRun(run: StoredRun, details: RunDetails | undefined): Run {
  // Name and note are tags for clients of MLflow, and members of their own here.
  const { [RUN_NAME_TAG]: _name, [NOTE_TAG]: note = "", ...tags } = details?.tags ?? {};
  return {
    id: run.id,
    experiment: { id: String(run.experiment), name: run.experimentName },
    name: run.name,
    user: run.user,
    state: run.state,
    note,
    params: details?.params ?? {},
    metrics: (details?.metrics ?? []).map(([name, value, step, atMs, min, max, points]) => ({
      name,
      last: { value: toReal(Number(value)), step, occurredAt: new Date(atMs).toISOString() },
      // Without a finite value there is no least and no greatest.
      min: toReal(min ?? Number.NaN),
      max: toReal(max ?? Number.NaN),
      points,
    })),
    tags,
    datasets: (details?.datasets ?? []).map(([name, digest, sourceType, source, context]) => ({
      name,
      digest,
      sourceType,
      source,
      context,
    })),
    models: (details?.models ?? []).map(([id, name, direction, step]) => ({ id, name, direction, step })),
    record: run.record,
    usage: (details?.usage ?? []).map(([attempt, cpuSeconds, peakMemoryBytes, readBytes, writtenBytes]) => ({
      attempt,
      cpuSeconds,
      peakMemoryBytes,
      readBytes,
      writtenBytes,
    })),
    step: run.step,
    startedAt: run.startedAt.toISOString(),
    endedAt: run.endedAt?.toISOString() ?? null,
    deletedAt: run.deletedAt?.toISOString() ?? null,
    createdBy: run.createdBy,
  };
}
