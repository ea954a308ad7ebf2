import { mkdirSync } from "node:fs";
import { CausewayError, fail, type Json } from "@causeway/contract";
import { defineTask } from "../../../platform/processes/index.ts";
import { parquetSource } from "../tables/parquet-source.ts";
import { refusalOf } from "./import-task.ts";
import { openTaskDuck, prepareVersion } from "./prepare-version.ts";
import type { PreparedVersion } from "./prepared-version.ts";

/** What the worker asks a process to make of the Parquet files that a step wrote. */
export interface PrepareOrder {
  paths: string[];
  /** What messages call the rows, for example the step's output. */
  name: string;
  key: string | null;
  out: string;
}

/** Computes a version from Parquet files; a file that cannot be read fails the task with BAD_DATA. */
export const prepareTask = defineTask<PrepareOrder>({
  name: "data.prepare",
  run: async ({ paths, name, key, out }, { scratch, progress }) => {
    const duck = await openTaskDuck(scratch);
    try {
      mkdirSync(out, { recursive: true });
      const version: PreparedVersion = await prepareVersion(duck, {
        base: undefined,
        key: key ?? undefined,
        onBadRow: "refuse",
        onBlank: "missing",
        file: name,
        scratch,
        out,
        progress,
        read: (badRows) =>
          parquetSource(
            duck,
            paths.map((path) => ({ path, file: name })),
            { given: {}, badRows },
          ),
      });
      return version as unknown as Json; // made of JSON's own values
    } catch (error) {
      if (error instanceof CausewayError) throw error;
      const refusal = refusalOf(error, name);
      if (refusal === undefined) throw error;
      const { message, help } = refusal.problem;
      throw fail("BAD_DATA", { message, ...(help === null ? {} : { help }), cause: error });
    } finally {
      duck.close();
    }
  },
});
