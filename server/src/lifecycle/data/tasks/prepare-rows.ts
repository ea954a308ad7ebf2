import { mkdirSync } from "node:fs";
import { CausewayError, fail, type Progress } from "@causeway/contract";
import { type Duck, parquet } from "../tables/duck.ts";
import { parquetSource } from "../tables/parquet-source.ts";
import { refusalOf } from "./import-file.ts";
import { openTaskDuck, prepareVersion } from "./prepare-version.ts";
import type { Base, PreparedVersion } from "./prepared-version.ts";

/** What the worker asks a process to make of the Parquet files that a step wrote. */
export interface PrepareOrder {
  paths: string[];
  /** What messages call the rows, for example the step's output. */
  name: string;
  /** Dropped where the rows do not have it. */
  key: string | null;
  /** The version that the rows are added to. */
  base: Base | null;
  out: string;
}

/** Computes a version from Parquet files; fails with BAD_DATA where a file cannot be read. */
export async function prepareRows(
  { paths, name, key, base, out }: PrepareOrder,
  { scratch, progress }: { scratch: string; progress: (progress: Progress) => void },
): Promise<PreparedVersion> {
  const duck = await openTaskDuck(scratch);
  try {
    mkdirSync(out, { recursive: true });
    return await prepareVersion(duck, {
      base: base ?? undefined,
      key: (await columnsOf(duck, paths)).find((name) => name === key),
      onBadRow: "refuse",
      onBlank: "missing",
      file: name,
      scratch,
      out,
      progress,
      read: (badRows) => {
        const files = paths.map((path) => ({ path, file: name }));
        return parquetSource(duck, files, { given: {}, badRows });
      },
    });
  } catch (error) {
    if (error instanceof CausewayError) throw error;
    const refusal = refusalOf(error, name);
    if (refusal === undefined) throw error;
    const { message, help } = refusal.problem;
    throw fail("BAD_DATA", { message, ...(help === null ? {} : { help }), cause: error });
  } finally {
    duck.close();
  }
}

/** Names of the columns; none where the files cannot be read, which the reading itself will explain. */
async function columnsOf(duck: Duck, paths: readonly string[]): Promise<string[]> {
  const rows = await duck.rows(`describe select * from ${parquet(paths)}`).catch(() => []);
  return rows.map(([name]) => String(name));
}
