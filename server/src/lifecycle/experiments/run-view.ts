import type { Run } from "@causeway/contract";
import type { StoredRun } from "./experiments-store.ts";
import { toReal } from "./real.ts";
import type { RunDetails } from "./run-details-store.ts";
import { NOTE_TAG, RUN_NAME_TAG } from "./run-tags.ts";

/** Tags that a run shows as members of its own. */
const TAGS_SHOWN_ELSEWHERE: ReadonlySet<string> = new Set([RUN_NAME_TAG, NOTE_TAG]);

/** Joins runs with what hangs on them, in the runs' order. */
export function viewRuns(runs: readonly StoredRun[], details: RunDetails): Run[] {
  const params = Map.groupBy(details.params, ({ run }) => run);
  const tags = Map.groupBy(details.tags, ({ run }) => run);
  const metrics = Map.groupBy(details.metrics, ({ run }) => run);
  const usage = Map.groupBy(details.usage, ({ run }) => run);
  return runs.map((run) => ({
    id: run.id,
    experiment: { id: String(run.experiment), name: run.experimentName },
    name: run.name,
    state: run.state,
    params: Object.fromEntries((params.get(run.key) ?? []).map(({ name, value }) => [name, value])),
    metrics: (metrics.get(run.key) ?? []).map((metric) => ({
      name: metric.name,
      last: {
        value: toReal(metric.lastValue),
        step: metric.lastStep,
        occurredAt: new Date(metric.lastAtMs).toISOString(),
      },
      // Without a finite value there is no least and no greatest.
      min: toReal(metric.min ?? Number.NaN),
      max: toReal(metric.max ?? Number.NaN),
      points: metric.points,
    })),
    tags: Object.fromEntries(
      (tags.get(run.key) ?? [])
        .filter(({ name }) => !TAGS_SHOWN_ELSEWHERE.has(name))
        .map(({ name, value }) => [name, value]),
    ),
    record: run.record,
    usage: (usage.get(run.id) ?? []).map(({ run: _, ...used }) => used),
    step: run.step,
    startedAt: run.startedAt.toISOString(),
    endedAt: run.endedAt?.toISOString() ?? null,
    createdBy: run.createdBy,
  }));
}
