import type { Column, OutputFile, PortKind } from "@causeway/contract";

/** One input of a step as it lies on disk: read-only files. */
export type StepInput = {
  readonly kind: PortKind;
  /** Narrows a model: `onnx`, `ydf` or `mlflow`. */
  readonly format?: string;
  /** Of the dataset version, of the one file, or of the list of files of a folder. */
  readonly digest: string;
  /** Parquet parts in their order, or the one file or folder. */
  readonly paths: readonly string[];
  /** REST path of the dataset version or of the step's output that it is. */
  readonly subject: string;
  /** Set where the input is a folder. */
  readonly files?: readonly OutputFile[];
  /** Set where the input is a dataset version. */
  readonly dataset?: {
    readonly name: string;
    readonly version: string;
    readonly rows: number;
    readonly key: string | null;
    readonly schema: readonly Column[];
  };
};
