/** REST path of a run: the subject of its events, the owner of its files, its place in the lineage. */
export function runPath(run: string): string {
  return `/api/experiments/runs/${run}`;
}

/** REST path that owns one file of a run, so that a file that is replaced can be let go alone. */
export function artifactOwner(run: string, path: string): string {
  return `${runPath(run)}/artifacts/${path}`;
}
