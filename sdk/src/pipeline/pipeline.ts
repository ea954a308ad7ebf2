import type { z } from "zod";
import { drawGraph, type StepCall } from "./drawing.ts";
import { type Edge, edge, type ParamRef } from "./edge.ts";
import { isPort, type PortSpec } from "./port.ts";

const PIPELINE = Symbol.for("causeway.pipeline");

/** Params of a pipeline: zod schemas, and datasets by reference. */
export type PipelineParams = Readonly<Record<string, z.ZodType | PortSpec<"dataset", string>>>;

type ParamEdges<Settings extends PipelineParams> = {
  readonly [Key in keyof Settings & string]: Settings[Key] extends z.ZodType
    ? ParamRef<z.output<Settings[Key]>, `params.${Key}`>
    : Edge<"dataset", string, `params.${Key}`>;
};

/** A pipeline as a value: the default export of a pipeline file. */
export type Pipeline = {
  readonly [PIPELINE]: true;
  readonly name: string;
  readonly params: PipelineParams;
  /** Draws the graph; each call draws it anew. */
  readonly draw: () => StepCall[];
};

/**
 * Declares a pipeline. `steps` only draws the graph: calling a step with outputs of other steps connects them.
 *
 * @example
 * export default pipeline("churn", {
 *   params: { customers: dataset("customers@latest"), trees: z.int().default(300) },
 *   steps({ customers, trees }) {
 *     const { train: rows } = split({ customers });
 *     return train({ rows, trees });
 *   },
 * });
 */
export function pipeline<Settings extends PipelineParams = Record<never, never>>(
  name: string,
  options: { readonly params?: Settings; readonly steps: (params: ParamEdges<Settings>) => unknown },
): Pipeline {
  const params: PipelineParams = options.params ?? {};
  return {
    [PIPELINE]: true,
    name,
    params,
    draw: () =>
      drawGraph(() =>
        options.steps(
          // One edge per param, as `ParamEdges` says.
          Object.fromEntries(
            Object.entries(params).map(([param, schema]) => [param, paramEdge(param, schema)]),
          ) as ParamEdges<Settings>,
        ),
      ),
  };
}

/** Tells a pipeline from other exports of a file. */
export function isPipeline(value: unknown): value is Pipeline {
  return typeof value === "object" && value !== null && PIPELINE in value;
}

function paramEdge(param: string, schema: z.ZodType | PortSpec): object {
  return edge({
    source: { from: "param", param },
    kind: isPort(schema) ? "dataset" : "param",
    format: undefined,
    from: `params.${param}`,
  });
}
