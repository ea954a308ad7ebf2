import type { Source } from "@causeway/contract";
import { badPipeline } from "./bad-pipeline.ts";
import { edge, edgeSource } from "./edge.ts";
import type { PortSpec } from "./port.ts";
import type { StepSpec } from "./step-spec.ts";

/** A call of a step: a node of the graph. */
export type StepCall = {
  /** Unique in the graph: the step's name, with a number from its second call on. */
  readonly name: string;
  readonly spec: StepSpec;
  readonly inputs: Readonly<Record<string, Source>>;
  readonly params: Readonly<Record<string, Source>>;
};

/** The graph that is being drawn; steps are called with no other place to put themselves. */
let current: Map<string, StepCall> | undefined;

/** Collects the calls of steps that `draw` makes. */
export function drawGraph(draw: () => unknown): StepCall[] {
  const outer = current;
  const calls = new Map<string, StepCall>();
  current = calls;
  try {
    const answer = draw();
    if (answer instanceof Promise) {
      throw badPipeline({
        message: "`steps` is an async function",
        field: "steps",
        help: "Draw the graph without waiting for anything; what waits belongs into a step.",
      });
    }
  } finally {
    current = outer;
  }
  return [...calls.values()];
}

/** Adds a call to the graph and answers its outputs. */
export function drawStep(spec: StepSpec, args: object): Record<string, object> {
  if (current === undefined) {
    throw badPipeline({
      message: `The step ${spec.name} was called outside of a pipeline`,
      field: spec.name,
      help: "Call it inside `steps` of pipeline(...).",
    });
  }
  const given = new Map<string, unknown>(Object.entries(args));
  const name = freeName(spec.name, current);
  const inputs = Object.fromEntries(
    Object.entries(spec.options.input ?? {}).map(([input, port]) => [
      input,
      inputSource({ step: name, input, port }, given),
    ]),
  );
  const params: Record<string, Source> = {};
  for (const param of Object.keys(spec.options.params ?? {})) {
    const value = given.get(param);
    given.delete(param);
    if (value !== undefined) params[param] = paramSource(`${name}.${param}`, value);
  }
  const [unknown] = given.keys();
  if (unknown !== undefined) {
    throw badPipeline({
      message: `${name} has neither an input nor a param ${unknown}`,
      field: `${name}.${unknown}`,
      help: `It takes ${[...Object.keys(spec.options.input ?? {}), ...Object.keys(spec.options.params ?? {})].join(", ") || "nothing"}.`,
    });
  }
  current.set(name, { name, spec, inputs, params });
  return Object.fromEntries(
    Object.entries(spec.options.output ?? {}).map(([output, port]) => [
      output,
      edge({
        source: { from: "step", step: name, output },
        kind: port.kind,
        format: port.format,
        from: `${name}.${output}`,
      }),
    ]),
  );
}

type InputPlace = { readonly step: string; readonly input: string; readonly port: PortSpec };

function inputSource({ step, input, port }: InputPlace, given: Map<string, unknown>): Source {
  const to = `${step}.${input}`;
  const value = given.get(input);
  given.delete(input);
  const wanted = describe(port.kind, port.format);
  if (value === undefined) {
    throw badPipeline({
      message: `${to} is not connected; it takes ${wanted}`,
      field: to,
      help: `Give ${step} an output of another step, or a dataset param, as ${input}.`,
    });
  }
  const found = edgeSource(value);
  const fits =
    found !== undefined &&
    found.kind === port.kind &&
    (port.format === undefined || found.format === undefined || found.format === port.format);
  if (!fits) {
    const what =
      found === undefined
        ? "a plain value"
        : found.kind === "param"
          ? `the param ${found.from}`
          : `${found.from}, ${describe(found.kind, found.format)}`;
    throw badPipeline({ message: `${to} takes ${wanted}, but got ${what}`, field: to });
  }
  return found.source;
}

function paramSource(to: string, value: unknown): Source {
  const found = edgeSource(value);
  if (found === undefined) {
    const json: unknown = JSON.parse(JSON.stringify(value) ?? "null");
    return { from: "value", value: json as never }; // what JSON.parse gives is JSON
  }
  if (found.kind === "param") return found.source;
  throw badPipeline({
    message: `${to} is a param, but got ${found.from}, ${describe(found.kind, found.format)}`,
    field: to,
    help: "Params are known before the run starts; connect what a step makes to an input.",
  });
}

function describe(kind: string, format: string | undefined): string {
  return format === undefined ? `a ${kind}` : `a ${kind} of format ${format}`;
}

function freeName(name: string, taken: ReadonlyMap<string, unknown>): string {
  if (!taken.has(name)) return name;
  let number = 2;
  while (taken.has(`${name}-${number}`)) number += 1;
  return `${name}-${number}`;
}
