import type { LineageNode, StepOutput } from "@causeway/contract";
import type { LineageEdge } from "../../../platform/lineage/index.ts";
import { outputPath, runPath } from "../pipeline-paths.ts";
import type { RunRow } from "../runs-store.ts";
import type { StepInput } from "../step-input.ts";

type Made = {
  readonly run: RunRow;
  readonly step: string;
  readonly experimentRun: string;
  readonly inputs: Readonly<Record<string, StepInput>>;
  readonly outputs: Readonly<Record<string, StepOutput>>;
};

/** What a step made, from what, and in which runs. */
export function attemptLineage({ run, step, experimentRun, inputs, outputs }: Made): LineageEdge[] {
  const pipelineRun: LineageNode = {
    kind: "pipeline-run",
    subject: runPath(run.pipeline, run.number),
    title: `${run.pipeline} run ${run.number}`,
  };
  const attempt: LineageNode = {
    kind: "run",
    subject: `/api/experiments/runs/${experimentRun}`,
    title: `${run.pipeline} ${run.number} ${step}`,
  };
  const sources = Object.entries(inputs).map(([name, input]) => inputNode(name, input));
  const made = Object.entries(outputs).map(([name, output]): LineageNode => {
    const subject = output.subject ?? outputPath({ pipeline: run.pipeline, run: run.number, step }, name);
    const kind = output.kind === "dataset" ? "dataset-version" : "artifact";
    return { kind, subject, title: `${step}.${name}` };
  });
  return [
    { from: attempt, to: pipelineRun, relation: "part-of" },
    ...sources.map((to) => ({ from: attempt, to, relation: "read" })),
    ...made.map((from) => ({ from, to: attempt, relation: "made-by" })),
  ];
}

function inputNode(name: string, { kind, subject, dataset }: StepInput): LineageNode {
  if (dataset === undefined) return { kind: "artifact", subject, title: `${kind} ${name}` };
  return { kind: "dataset-version", subject, title: `${dataset.name}@${dataset.version.slice(0, 6)}` };
}
