import type { PortKind, Source } from "@causeway/contract";

// Registered symbols: a pipeline file and the program that reads it may hold two copies of this module.
const SOURCE = Symbol.for("causeway.source");
declare const CARRIES: unique symbol;
declare const TARGET: unique symbol;

/** What an edge carries and where it comes from, as the graph keeps it. */
export type EdgeSource = {
  readonly source: Source;
  readonly kind: PortKind | "param";
  readonly format: string | undefined;
  /** `step.output` or `params.name`, for messages. */
  readonly from: string;
};

/** A value that a step will make, or a dataset param: something to give to a step's input. `From` is `step.output`. */
export interface Edge<Kind extends PortKind, Format extends string, From extends string> {
  readonly [CARRIES]: { readonly kind: Kind; readonly format: Format };
  readonly from: From;
}

/** What an input takes; `To` is `step.input`, so that the compiler's refusal of an edge names both ends. */
export interface Target<Kind extends PortKind, Format extends string, To extends string> {
  readonly [CARRIES]: { readonly kind: Kind; readonly format: Format };
  readonly [TARGET]?: To;
}

/** A param of the pipeline: something to give to a step's param. */
export interface ParamRef<Value, From extends string = string> {
  readonly [CARRIES]: { readonly param: Value };
  readonly from: From;
}

/** Makes the value that stands for a source while the graph is drawn. */
export function edge(source: EdgeSource): object {
  return Object.freeze({ [SOURCE]: source, from: source.from });
}

/** Reads an edge's source; undefined for a plain value. */
export function edgeSource(value: unknown): EdgeSource | undefined {
  if (typeof value !== "object" || value === null || !(SOURCE in value)) return undefined;
  return value[SOURCE] as EdgeSource; // only `edge` writes under this symbol
}
