import type { Json, Port, StepWork } from "@causeway/contract";
import type { StepInput } from "../step-input.ts";

/** The file that `$CAUSEWAY_STEP` names. */
export type StepOrder = {
  /** `pipeline/number` of the run. */
  readonly run: string;
  readonly step: string;
  readonly attempt: number;
  readonly params: Readonly<Record<string, Json>>;
  readonly inputs: Readonly<Record<string, StepInput>>;
  /** Where each output is to be written: a file, for a dataset a folder of Parquet files, for a model of MLflow its folder. */
  readonly outputs: Readonly<Record<string, string>>;
  /** Address of control; null where none is known. */
  readonly url: string | null;
  /** Holds the attempt's token for `url`. */
  readonly tokenFile: string;
  /** The attempt's experiment run. */
  readonly experimentRun: string;
  /** The working folder. */
  readonly folder: string;
  readonly work: StepWork;
  /** What the preparation of a library step gave; absent where it has none. */
  readonly prepared?: Json;
  /** Kinds of the outputs. */
  readonly ports: Readonly<Record<string, Port>>;
  /** The unpacked bundle. */
  readonly bundle: string;
};
