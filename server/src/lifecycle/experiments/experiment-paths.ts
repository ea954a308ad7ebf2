/** REST path of a run: the subject of its events, the owner of its files, its place in the lineage. */
export function runPath(run: string): string {
  return `/api/experiments/runs/${run}`;
}

/** REST path of an experiment: the subject of its events. */
export function experimentPath(experiment: string): string {
  return `/api/experiments/experiments/${experiment}`;
}

/** REST path of all runs: the subject of events that tell of many at once. */
export const RUNS_PATH = "/api/experiments/runs";
