import { fail } from "./errors.ts";
import type { PipelineDefinition, Port, Source, StepDefinition } from "./pipelines.ts";

/**
 * Refuses a definition that is not a graph of steps that fit together, with BAD_PIPELINE; answers its steps in an order in
 * which each comes after all that it needs.
 */
export function orderSteps(definition: PipelineDefinition): StepDefinition[] {
  const steps = new Map<string, StepDefinition>();
  for (const step of definition.steps) {
    if (steps.has(step.name)) {
      throw bad({
        message: `Two steps are named ${step.name}`,
        field: step.name,
        help: "Give each its own name.",
      });
    }
    steps.set(step.name, step);
  }
  const params = new Set(Object.keys(propertiesOf(definition.paramsSchema)));
  for (const step of definition.steps) checkStep(step, { steps, params, datasets: definition.datasetParams });
  return inOrder(steps);
}

/** Names of the steps whose outputs a step reads. */
export function upstreamOf(step: StepDefinition): string[] {
  const names = Object.values(step.inputs).flatMap(({ source }) =>
    source.from === "step" ? [source.step] : [],
  );
  return [...new Set(names)];
}

type Known = {
  readonly steps: ReadonlyMap<string, StepDefinition>;
  readonly params: ReadonlySet<string>;
  readonly datasets: readonly string[];
};

function checkStep(step: StepDefinition, known: Known): void {
  for (const [input, { port, source }] of Object.entries(step.inputs)) {
    const to = `${step.name}.${input}`;
    const found = portOf(source, { to, known });
    const fits =
      found.kind === port.kind &&
      (port.format === undefined || found.format === undefined || port.format === found.format);
    if (!fits) {
      throw bad({
        message: `${to} takes ${describe(port)}, but got ${nameOf(source)}, ${describe(found)}`,
        field: to,
        help: "Connect an output of the same kind.",
      });
    }
  }
  for (const [param, source] of Object.entries(step.params)) {
    const to = `${step.name}.${param}`;
    if (source.from === "value") continue;
    if (source.from === "step") {
      throw bad({
        message: `${to} is a param, but got ${nameOf(source)}`,
        field: to,
        help: "Params are known before the run starts; connect what a step makes to an input.",
      });
    }
    requireParam(source.param, { to, known });
  }
}

function portOf(source: Source, { to, known }: { to: string; known: Known }): Port {
  if (source.from === "value") {
    throw bad({
      message: `${to} is an input, but got a plain value`,
      field: to,
      help: "Connect an output of a step.",
    });
  }
  if (source.from === "param") {
    requireParam(source.param, { to, known });
    if (known.datasets.includes(source.param)) return { kind: "dataset" };
    throw bad({
      message: `${to} is an input, but got the param ${source.param}, which is no dataset`,
      field: to,
      help: `Declare it as a dataset: ${source.param}: dataset("name@latest").`,
    });
  }
  const upstream = known.steps.get(source.step);
  if (upstream === undefined) {
    throw bad({
      message: `${to} reads ${nameOf(source)}, but there is no step ${source.step}`,
      field: to,
      help: `Steps are ${[...known.steps.keys()].join(", ")}.`,
    });
  }
  const output = upstream.outputs[source.output];
  if (output === undefined) {
    throw bad({
      message: `${to} reads ${nameOf(source)}, but ${source.step} has no output ${source.output}`,
      field: to,
      help: `Its outputs are ${Object.keys(upstream.outputs).join(", ") || "none"}.`,
    });
  }
  return output;
}

function requireParam(param: string, { to, known }: { to: string; known: Known }): void {
  if (known.params.has(param)) return;
  throw bad({
    message: `${to} reads the param ${param}, which the pipeline does not have`,
    field: to,
    help: `Its params are ${[...known.params].join(", ") || "none"}.`,
  });
}

/** Kahn's algorithm; steps that are left over wait for one another. */
function inOrder(steps: ReadonlyMap<string, StepDefinition>): StepDefinition[] {
  const ordered: StepDefinition[] = [];
  const done = new Set<string>();
  let waiting = [...steps.values()];
  while (waiting.length > 0) {
    const ready = waiting.filter((step) => upstreamOf(step).every((name) => done.has(name)));
    if (ready.length === 0) throw cycleOf(steps, new Set(waiting.map(({ name }) => name)));
    for (const step of ready) done.add(step.name);
    ordered.push(...ready);
    waiting = waiting.filter((step) => !done.has(step.name));
  }
  return ordered;
}

/** Walks upstream among the steps that wait for one another until a step comes round. */
function cycleOf(steps: ReadonlyMap<string, StepDefinition>, waiting: ReadonlySet<string>): Error {
  const path: string[] = [];
  let name = waiting.values().next().value ?? "";
  while (!path.includes(name)) {
    path.push(name);
    const step = steps.get(name);
    name = step === undefined ? "" : (upstreamOf(step).find((upstream) => waiting.has(upstream)) ?? "");
  }
  const cycle = [name, ...path.slice(path.indexOf(name) + 1).toReversed(), name];
  return bad({
    message: `The steps form a cycle: ${cycle.join(" → ")}`,
    field: name,
    help: "A step cannot need its own result; take one of these edges out.",
  });
}

function nameOf(source: Source): string {
  if (source.from === "step") return `${source.step}.${source.output}`;
  return source.from === "param" ? `params.${source.param}` : "a plain value";
}

function describe({ kind, format }: Port): string {
  return format === undefined ? `a ${kind}` : `a ${kind} of format ${format}`;
}

function propertiesOf(schema: PipelineDefinition["paramsSchema"]): object {
  const properties = schema["properties"];
  return typeof properties === "object" && properties !== null ? properties : {};
}

function bad(details: { message: string; field: string; help: string }): Error {
  return fail("BAD_PIPELINE", details);
}
