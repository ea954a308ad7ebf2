/** REST path of a pipeline. */
export function pipelinePath(pipeline: string): string {
  return `/api/pipelines/pipelines/${encodeURIComponent(pipeline)}`;
}

/** REST path of a version of a pipeline. */
export function versionPath(pipeline: string, digest: string): string {
  return `${pipelinePath(pipeline)}/versions/${digest}`;
}

/** REST path of a run. */
export function runPath(pipeline: string, number: number): string {
  return `${pipelinePath(pipeline)}/runs/${number}`;
}

/** A step of a run, by names. */
export type StepPlace = { readonly pipeline: string; readonly run: number; readonly step: string };

/** REST path of a step of a run. */
export function stepPath({ pipeline, run, step }: StepPlace): string {
  return `${runPath(pipeline, run)}/steps/${encodeURIComponent(step)}`;
}

/** REST path of what a step made. */
export function outputPath(place: StepPlace, output: string): string {
  return `${stepPath(place)}/outputs/${encodeURIComponent(output)}`;
}

/** A dataset version by its REST path; undefined when it is one of something else. */
export function parseDatasetPath(subject: string): { dataset: string; version: string } | undefined {
  const match = /^\/api\/data\/datasets\/([^/]+)\/versions\/([0-9a-f]{64})$/.exec(subject);
  return match === null ? undefined : { dataset: match[1] ?? "", version: match[2] ?? "" };
}

/** Longest name of a dataset. */
const LONGEST_NAME = 63;

/** Name of the dataset that holds an output: `churn.split.train`. A long one is cut and told apart by `digest`. */
export function outputDataset(
  parts: readonly [pipeline: string, step: string, output: string],
  digest: string,
): string {
  const name = parts
    .join(".")
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]/g, "-");
  return name.length <= LONGEST_NAME ? name : `${name.slice(0, LONGEST_NAME - 9)}-${digest.slice(0, 8)}`;
}
