import type { PortKind } from "@causeway/contract";
import type { z } from "zod";
import { drawStep } from "./drawing.ts";
import type { Edge, ParamRef, Target } from "./edge.ts";
import type { PortSpec } from "./port.ts";
import type { InputValue, OutputValue, StepContext } from "./step-context.ts";
import type { FilePlace, Params, Ports, StepOptions, StepSpec, StepWorkSpec } from "./step-spec.ts";

type InputArguments<Name extends string, Inputs extends Ports> = {
  readonly [Key in keyof Inputs & string]: Target<
    Inputs[Key]["kind"],
    FormatOf<Inputs[Key]>,
    `${Name}.${Key}`
  >;
};

type FormatOf<Spec extends PortSpec> = Spec extends PortSpec<PortKind, infer Format> ? Format : never;

type ParamArgument<Schema extends z.ZodType> =
  | z.input<Schema>
  | ParamRef<Exclude<z.input<Schema>, undefined>>;

type OptionalParams<Settings extends Params> = {
  [Key in keyof Settings]: undefined extends z.input<Settings[Key]> ? Key : never;
}[keyof Settings];

type ParamArguments<Settings extends Params> = {
  readonly [Key in Exclude<keyof Settings, OptionalParams<Settings>>]: ParamArgument<Settings[Key]>;
} & { readonly [Key in OptionalParams<Settings>]?: ParamArgument<Settings[Key]> };

/** What a step takes when it is called in `steps`. */
export type StepArguments<
  Name extends string,
  Inputs extends Ports,
  Settings extends Params,
> = InputArguments<Name, Inputs> & ParamArguments<Settings>;

/** What a call of a step gives: one edge per output. */
export type StepOutputs<Name extends string, Outputs extends Ports> = {
  readonly [Key in keyof Outputs & string]: Edge<
    Outputs[Key]["kind"],
    FormatOf<Outputs[Key]>,
    `${Name}.${Key}`
  >;
};

/** A step as a value: called with edges and params inside `steps`, it becomes a node of the graph. */
export type Step<
  Name extends string,
  Inputs extends Ports,
  Settings extends Params,
  Outputs extends Ports,
> = (
  ...args: Record<string, never> extends StepArguments<Name, Inputs, Settings>
    ? [args?: StepArguments<Name, Inputs, Settings>]
    : [args: StepArguments<Name, Inputs, Settings>]
) => StepOutputs<Name, Outputs>;

type RunArguments<Inputs extends Ports, Settings extends Params> = {
  readonly [Key in keyof Inputs & string]: InputValue<Inputs[Key]["kind"]>;
} & { readonly [Key in keyof Settings & string]: z.output<Settings[Key]> };

type RunResult<Outputs extends Ports> = {
  readonly [Key in keyof Outputs & string]: OutputValue<Outputs[Key]["kind"]>;
};

/**
 * A step written in TypeScript. It runs in a process of its own, with its inputs as files.
 *
 * @example
 * const count = step("count", {
 *   input: { rows: dataset() },
 *   output: { result: report() },
 *   run: ({ rows }) => ({ result: { rows: rows.rows } }),
 * });
 */
export function step<
  const Name extends string,
  Inputs extends Ports = Record<never, never>,
  Settings extends Params = Record<never, never>,
  Outputs extends Ports = Record<never, never>,
>(
  name: Name,
  options: StepOptions<Inputs, Settings, Outputs> & {
    readonly run: (
      args: RunArguments<Inputs, Settings>,
      context: StepContext,
    ) =>
      | RunResult<Outputs>
      | Promise<RunResult<Outputs>>
      | (keyof Outputs extends never ? void | Promise<void> : never);
  },
): Step<Name, Inputs, Settings, Outputs> {
  return callable({ name, work: { kind: "function" }, options, files: [], run: options.run });
}

/**
 * A step that is a Python script. `lock` is a pip requirements file: a worker builds its virtual environment once. Without
 * a lock the script runs with the `python3` on the worker's PATH.
 */
export function python<
  const Name extends string,
  Inputs extends Ports = Record<never, never>,
  Settings extends Params = Record<never, never>,
  Outputs extends Ports = Record<never, never>,
>(
  name: Name,
  options: StepOptions<Inputs, Settings, Outputs> & {
    /** Path of the script, from the pipeline's file. */
    readonly script: FilePlace;
    readonly lock?: FilePlace;
    /** Other files that the script reads or imports, from the pipeline's file. */
    readonly files?: readonly FilePlace[];
  },
): Step<Name, Inputs, Settings, Outputs> {
  const work: StepWorkSpec = { kind: "python", script: options.script, lock: options.lock ?? null };
  return callable({ name, work, options, files: options.files ?? [], run: undefined });
}

/** A step that is a command, run by `sh -c`; inputs, params and outputs stand in the file that `$CAUSEWAY_STEP` names. */
export function shell<
  const Name extends string,
  Inputs extends Ports = Record<never, never>,
  Settings extends Params = Record<never, never>,
  Outputs extends Ports = Record<never, never>,
>(
  name: Name,
  options: StepOptions<Inputs, Settings, Outputs> & {
    readonly command: string;
    readonly files?: readonly FilePlace[];
  },
): Step<Name, Inputs, Settings, Outputs> {
  const work: StepWorkSpec = { kind: "shell", command: options.command };
  return callable({ name, work, options, files: options.files ?? [], run: undefined });
}

/** A step that ships with Causeway, known to the server by its name. */
export function libraryStep<
  const Name extends string,
  Inputs extends Ports = Record<never, never>,
  Settings extends Params = Record<never, never>,
  Outputs extends Ports = Record<never, never>,
>(name: Name, options: StepOptions<Inputs, Settings, Outputs>): Step<Name, Inputs, Settings, Outputs> {
  return callable({ name, work: { kind: "library", name }, options, files: [], run: undefined });
}

function callable<Name extends string, Inputs extends Ports, Settings extends Params, Outputs extends Ports>(
  spec: StepSpec,
): Step<Name, Inputs, Settings, Outputs> {
  // `drawStep` gives one edge per output of the spec, which the type parameters describe.
  return (...[args]: readonly [object?]) => drawStep(spec, args ?? {}) as StepOutputs<Name, Outputs>;
}
