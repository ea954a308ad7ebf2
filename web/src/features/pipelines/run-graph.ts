import type { PipelineDefinition, PipelineRun, StepDefinition, StepRun } from "@causeway/contract";
import type { GraphEdge, GraphNode } from "../../components/graph-picture.ts";
import { stepStatus } from "../../components/work-status.ts";

type Picture = { nodes: GraphNode[]; edges: GraphEdge[] };

/** The graph of a definition before any run: every edge still dotted. */
export function definitionGraph(definition: PipelineDefinition): Picture {
  return {
    nodes: definition.steps.map((step) => ({ id: step.name, name: step.name, detail: workOf(step) })),
    edges: edgesOf(definition).map((edge) => ({ ...edge, look: "dotted" as const })),
  };
}

/** The graph of a run: solid ran, dashed came from the cache, dotted not yet. */
export function runGraph(
  run: PipelineRun,
  definition: PipelineDefinition | undefined,
  { chosen, detailOf }: { chosen: string | undefined; detailOf: (step: StepRun) => string },
): Picture {
  const states = new Map(run.steps.map((step) => [step.name, step.state]));
  return {
    nodes: run.steps.map((step) => ({
      id: step.name,
      name: step.name,
      detail: detailOf(step),
      status: stepStatus(step.state),
      look: lookOf(step.state),
      chosen: step.name === chosen,
    })),
    edges: (definition === undefined ? [] : edgesOf(definition)).map((edge) => ({
      ...edge,
      look: lookOf(states.get(edge.to) ?? "waiting"),
    })),
  };
}

/** Who feeds whom, each pair once. */
export function edgesOf(definition: PipelineDefinition): { from: string; to: string }[] {
  const seen = new Set<string>();
  const edges: { from: string; to: string }[] = [];
  for (const step of definition.steps) {
    const sources = [
      ...Object.values(step.inputs).map(({ source }) => source),
      ...Object.values(step.params),
    ];
    for (const source of sources) {
      if (source.from !== "step") continue;
      const key = `${source.step}→${step.name}`;
      if (seen.has(key)) continue;
      seen.add(key);
      edges.push({ from: source.step, to: step.name });
    }
  }
  return edges;
}

function lookOf(state: StepRun["state"]): "solid" | "dashed" | "dotted" {
  switch (state) {
    case "cached":
      return "dashed";
    case "waiting":
    case "queued":
    case "skipped":
    case "cancelled":
      return "dotted";
    case "running":
    case "succeeded":
    case "failed":
      return "solid";
    default:
      return state satisfies never;
  }
}

/** What a step runs, in a word. */
export function workOf({ work }: StepDefinition): string {
  switch (work.kind) {
    case "function":
      return "TypeScript";
    case "python":
      return work.script;
    case "shell":
      return work.command;
    case "library":
      return work.name;
    default:
      return work satisfies never;
  }
}
