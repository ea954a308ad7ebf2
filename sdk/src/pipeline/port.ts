import type { PortKind } from "@causeway/contract";

const PORT = Symbol.for("causeway.port");

/** What an input or an output carries. `Format` narrows a model; it is `string` where any will do. */
export type PortSpec<Kind extends PortKind = PortKind, Format extends string = string> = {
  readonly [PORT]: true;
  readonly kind: Kind;
  readonly format: Format | undefined;
  /** Only for params of a pipeline: what a dataset param means unless said otherwise. */
  readonly reference: string | undefined;
};

function port<Kind extends PortKind, Format extends string>(
  kind: Kind,
  format?: Format,
  reference?: string,
): PortSpec<Kind, Format> {
  return { [PORT]: true, kind, format, reference };
}

/** A dataset version. As a param of a pipeline it may name one: `dataset("customers@latest")`. */
export function dataset(reference?: string): PortSpec<"dataset", string> {
  return port("dataset", undefined, reference);
}

/** What a model may be: a file of ONNX or YDF, or a folder as MLflow saves it. */
type ModelFormat = "onnx" | "ydf" | "mlflow";

/**
 * A model: a file with `model("onnx")` or `model("ydf")`, the folder that `mlflow.<flavour>.save_model` writes with
 * `model("mlflow")`, or `model()` where any will do.
 */
export function model<Format extends ModelFormat = ModelFormat>(format?: Format): PortSpec<"model", Format> {
  return port("model", format);
}

/** A small table: a Parquet, CSV or JSON lines file. */
export function table(): PortSpec<"table", string> {
  return port("table");
}

/** Any file, or a folder of files. */
export function file(): PortSpec<"file", string> {
  return port("file");
}

/** A JSON value. */
export function report(): PortSpec<"report", string> {
  return port("report");
}

/** Tells a port from a zod schema among the params of a pipeline. */
export function isPort(value: unknown): value is PortSpec {
  return typeof value === "object" && value !== null && PORT in value;
}
