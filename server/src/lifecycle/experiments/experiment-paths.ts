/** REST path of a run: the subject of its events, the owner of its files, its place in the lineage. */
export function runPath(run: string): string {
  return `/api/experiments/runs/${run}`;
}
