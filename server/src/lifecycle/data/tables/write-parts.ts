import { rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { fail } from "@causeway/contract";
import type { PartColumn } from "../../../platform/database/rows/data.ts";
import { type Duck, identifier, literal } from "./duck.ts";
import { digestPart } from "./part-digest.ts";
import type { TableSource } from "./table-source.ts";

/** A part on the disk, not yet in the store. */
export interface WrittenPart {
  digest: string;
  path: string;
  rows: number;
  bytes: number;
  columns: PartColumn[];
}

/**
 * Writes the parts of a table as Parquet, one at a time, and digests each from the file as it was written. What comes
 * back must have as many rows and missing values as the source promised.
 */
export async function writeParts(
  duck: Duck,
  source: TableSource,
  { folder, order, onRows }: { folder: string; order: readonly string[]; onRows: (rows: number) => void },
): Promise<WrittenPart[]> {
  const columns = order.map(
    (name) => source.columns.find((column) => column.name === name) ?? { name, type: "string" as const },
  );
  const names = order.map(identifier).join(", ");
  const parts: WrittenPart[] = [];
  for (const [index, { select, rows, piece }] of source.parts.entries()) {
    const path = join(folder, `part-${String(index).padStart(5, "0")}.parquet`);
    await duck.run(
      `copy (select ${names} from (${select})) to ${literal(path)} (format parquet, compression zstd, row_group_size 122880)`,
    );
    const digested = await digestPart(duck, path, columns);
    if (digested.rows !== rows)
      throw disagreement(`part ${index} has ${digested.rows} rows, ${rows} were read`);
    parts.push({ ...digested, path, bytes: statSync(path).size });
    if (piece !== undefined) rmSync(piece);
    onRows(rows);
  }
  for (const { name, type, blanks } of source.columns) {
    if (type === "string") continue;
    const missing = parts.reduce((sum, part) => sum + missingIn(part, name), 0);
    if (missing < blanks)
      throw disagreement(`column ${name} misses ${missing} values, ${blanks} blanks were read`);
  }
  return parts;
}

function missingIn(part: WrittenPart, name: string): number {
  return part.columns.find((column) => column.name === name)?.missing ?? 0;
}

/** The scan and DuckDB read the same bytes; where they differ, no version may come of it. */
function disagreement(what: string) {
  return fail("INTERNAL", {
    message: `The file was read in two ways that differ: ${what}`,
    help: "Please report this with the file's first lines; convert it to Parquet to go on.",
  });
}
