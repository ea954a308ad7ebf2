import type { z } from "zod";
import type { PortSpec } from "./port.ts";
import type { Duration, Size } from "./size.ts";
import type { StepContext } from "./step-context.ts";

/** Inputs or outputs by name. */
export type Ports = Readonly<Record<string, PortSpec>>;
/** Params by name, as zod schemas. */
export type Params = Readonly<Record<string, z.ZodType>>;

/** What every kind of step may say. */
export type StepOptions<Inputs extends Ports, Settings extends Params, Outputs extends Ports> = {
  readonly input?: Inputs;
  readonly params?: Settings;
  readonly output?: Outputs;
  readonly resources?: { readonly cpu?: number; readonly memory?: Size; readonly disk?: Size };
  /** Further attempts after a failure, with growing pauses; 0 unless said. */
  readonly retries?: number;
  /** Longest time of one attempt. */
  readonly timeout?: Duration;
  /** False: runs every time, whatever it ran on before. */
  readonly cache?: boolean;
};

/** The function of a TypeScript step; kept without its types, which were checked where it was written. */
export type StepFunction = (args: never, context: StepContext) => unknown;

/** A file: a path from the pipeline's file, or the address of one that ships with a package. */
export type FilePlace = string | URL;

/** What a step runs, before its files have a place in a bundle. */
export type StepWorkSpec =
  | { readonly kind: "function" }
  | { readonly kind: "python"; readonly script: FilePlace; readonly lock: FilePlace | null }
  | { readonly kind: "shell"; readonly command: string }
  | { readonly kind: "library"; readonly name: string };

/** What a step is, as the graph keeps it. */
export type StepSpec = {
  readonly name: string;
  readonly work: StepWorkSpec;
  readonly options: StepOptions<Ports, Params, Ports>;
  /** Files beside the script that the step needs. */
  readonly files: readonly FilePlace[];
  readonly run: StepFunction | undefined;
};
