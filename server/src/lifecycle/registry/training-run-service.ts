import type { PipelineRun, Profile, Run, RunRecord } from "@causeway/contract";
import type { Call } from "../../platform/access/index.ts";

/** What finding a training run reads of the stages to the left. */
export type TrainingRunParts = {
  readonly pipelines: {
    readonly getRun: (input: { pipeline: string; number: number }, call: Call) => Promise<PipelineRun>;
  };
  readonly experiments: { readonly getRun: (input: { run: string }, call: Call) => Promise<Run> };
  readonly data: {
    readonly getProfile: (input: { dataset: string; version: string }, call: Call) => Promise<Profile>;
  };
};

/** The experiment run that a model came out of, with what it was made from and the profiles of the data that it read. */
export type TrainingRun = {
  readonly id: string;
  readonly name: string;
  readonly record: RunRecord;
  readonly profiles: readonly Profile[];
};

/** Makes what leads from a step's output to the experiment run of the attempt that made it. */
export function createTrainingRuns({ pipelines, experiments, data }: TrainingRunParts) {
  /** `subject` is the REST path of an output; undefined when it is none, or its step opened no run. */
  async function find(subject: string, call: Call): Promise<TrainingRun | undefined> {
    const place = parseOutputPath(subject);
    if (place === undefined) return undefined;
    const { steps } = await pipelines.getRun(place, call);
    const step = steps.find(({ name }) => name === place.step);
    if (step === undefined) return undefined;
    // A cached step took the outputs of an earlier run, where its attempts are.
    if (step.cachedFrom !== null && step.cachedFrom !== place.number)
      return find(outputPath({ ...place, number: step.cachedFrom }), call);
    const run = step.attempts.findLast(({ state }) => state === "succeeded")?.run;
    if (run === undefined || run === null) return undefined;
    const { id, name, record } = await experiments.getRun({ run }, call);
    const profiles: Profile[] = [];
    for (const { dataset, digest } of record.data)
      if (dataset !== null) profiles.push(await data.getProfile({ dataset, version: digest }, call));
    return { id, name, record, profiles };
  }

  return { find };
}

type OutputPlace = { pipeline: string; number: number; step: string; output: string };

function parseOutputPath(subject: string): OutputPlace | undefined {
  const match = /^\/api\/pipelines\/pipelines\/([^/]+)\/runs\/(\d+)\/steps\/([^/]+)\/outputs\/([^/]+)$/.exec(
    subject,
  );
  if (match === null) return undefined;
  const [pipeline = "", number = "", step = "", output = ""] = match.slice(1).map(decodeURIComponent);
  return { pipeline, number: Number(number), step, output };
}

function outputPath({ pipeline, number, step, output }: OutputPlace): string {
  const names = [pipeline, "runs", String(number), "steps", step, "outputs", output].map(encodeURIComponent);
  return `/api/pipelines/pipelines/${names.join("/")}`;
}
