import type { DatasetVersion } from "@causeway/contract";
import type { Call } from "../../../platform/access/index.ts";
import type { Tx } from "../../../platform/database/index.ts";

/** Rows that a step wrote, computed and kept, but not yet a version of anything. `digest` is the version's id. */
export type PreparedDataset = { readonly digest: string; readonly bytes: number };

/** What pipelines need of data: versions to read, and new versions to keep. */
export type DatasetsDoor<Prepared extends PreparedDataset = PreparedDataset> = {
  /** The version that `name@latest` or `name@<id>` means now. */
  readonly resolve: (reference: string, call: Call) => Promise<DatasetVersion>;
  /** Computes what a version is from Parquet files, in a process of its own, and puts its parts into the store. */
  readonly prepare: (
    files: { readonly paths: readonly string[]; readonly key: string | null; readonly name: string },
    claim: { readonly attempt: string; readonly signal: AbortSignal },
  ) => Promise<Prepared>;
  /** Makes prepared rows the newest version of a dataset, in the caller's transaction. */
  readonly store: (
    tx: Tx,
    call: Call,
    version: {
      readonly dataset: string;
      readonly prepared: Prepared;
      readonly source: DatasetVersion["source"];
    },
  ) => Promise<DatasetVersion>;
};
