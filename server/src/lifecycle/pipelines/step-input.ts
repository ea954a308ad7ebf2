import type { Column, PortKind } from "@causeway/contract";

/** One input of a step as it lies on disk: read-only files. */
export type StepInput = {
  readonly kind: PortKind;
  /** Narrows a model: `onnx` or `ydf`. */
  readonly format?: string;
  /** Of the dataset version, or of the one file. */
  readonly digest: string;
  /** Parquet parts in their order, or the one file. */
  readonly paths: readonly string[];
  /** REST path of the dataset version or of the step's output that it is. */
  readonly subject: string;
  /** Set where the input is a dataset version. */
  readonly dataset?: {
    readonly name: string;
    readonly version: string;
    readonly rows: number;
    readonly key: string | null;
    readonly schema: readonly Column[];
  };
};
