import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { CausewayError, type ImportOptions, type Progress } from "@causeway/contract";
import { typesForAppend } from "../append-plan.ts";
import type { BadRowLog } from "../reading/bad-row-log.ts";
import { scanCsv } from "../reading/csv-scan.ts";
import { openImportedFile, type ReadableFile } from "../reading/file-format.ts";
import { scanJsonLines } from "../reading/json-lines-scan.ts";
import { openPieceWriter } from "../reading/piece-writer.ts";
import type { ScanOptions } from "../reading/scan.ts";
import type { Duck } from "../tables/duck.ts";
import { parquetSource } from "../tables/parquet-source.ts";
import type { TableSource } from "../tables/table-source.ts";
import { csvSource, jsonLinesSource } from "../tables/text-source.ts";
import { BadRowsError, openTaskDuck, prepareVersion } from "./prepare-version.ts";
import type { Base, PreparedVersion, Refusal } from "./prepared-version.ts";

/** What the worker asks an import's process to do. */
export interface ImportOrder {
  path: string;
  /** As the user knows the file. */
  file: string;
  options: ImportOptions;
  base: Base | null;
  out: string;
}

/** How an import ended as far as the file decides it. */
export type ImportOutcome =
  | { kind: "prepared"; version: PreparedVersion }
  | { kind: "refused"; refusal: Refusal };

/** Reads a file into parts on the disk; the worker stores them. */
export async function importFile(
  { path, file, options, base, out }: ImportOrder,
  { scratch, progress }: { scratch: string; progress: (progress: Progress) => void },
): Promise<ImportOutcome> {
  const duck = await openTaskDuck(scratch);
  try {
    mkdirSync(out, { recursive: true });
    const given =
      base === null ? (options.columns ?? {}) : typesForAppend(base.schema, options.columns ?? {});
    const readable = await openImportedFile({ path, file, format: options.format }, scratch);
    const version = await prepareVersion(duck, {
      base: base ?? undefined,
      key: options.key,
      onBadRow: options.onBadRow,
      onBlank: options.onBlank,
      file,
      scratch,
      out,
      progress,
      read: (badRows) =>
        readTable(duck, readable, { file, given, delimiter: options.delimiter, badRows, scratch, progress }),
    });
    return { kind: "prepared", version };
  } catch (error) {
    rmSync(out, { recursive: true, force: true });
    const refusal = refusalOf(error, file);
    if (refusal === undefined) throw error;
    return { kind: "refused", refusal };
  } finally {
    duck.close();
  }
}

interface ReadOptions {
  file: string;
  given: ScanOptions["given"];
  delimiter: string | undefined;
  badRows: BadRowLog;
  scratch: string;
  progress: (progress: Progress) => void;
}

async function readTable(
  duck: Duck,
  { path, format }: ReadableFile,
  { file, given, delimiter, badRows, scratch, progress }: ReadOptions,
): Promise<TableSource> {
  if (format === "parquet") return parquetSource(duck, [{ path, file }], { given, badRows });
  const folder = join(scratch, "pieces");
  mkdirSync(folder, { recursive: true });
  const pieces = openPieceWriter(folder);
  const options: ScanOptions = {
    path,
    file,
    given,
    badRows,
    pieces,
    onProgress: (done, total) => progress({ done, total, unit: "bytes" }),
  };
  if (format === "csv") {
    const scan = scanCsv({ ...options, delimiter });
    return csvSource(scan, pieces.close());
  }
  const scan = scanJsonLines(options);
  return jsonLinesSource(scan, pieces.close());
}

/** What the file is to blame for, or undefined where it is not. */
export function refusalOf(error: unknown, file: string): Refusal | undefined {
  if (error instanceof BadRowsError) {
    const total = error.badRows.total();
    const first = error.badRows.first();
    const [row] = first;
    const where =
      row === undefined ? "" : `: line ${row.line}${row.column === null ? "" : `, column ${row.column}`}`;
    const value = row?.value === null || row?.value === undefined ? "" : ` ('${row.value}')`;
    return {
      badRows: { total, first },
      problem: {
        code: "BAD_DATA",
        message: `${file} has ${total.toLocaleString("en")} bad row${total === 1 ? "" : "s"}${where}${value}: ${row?.reason ?? ""}`,
        help: "Mend the rows, or keep them beside the version with --on-bad-row=quarantine",
      },
    };
  }
  if (!(error instanceof CausewayError) || error.code !== "BAD_DATA") return undefined;
  return { badRows: null, problem: { code: error.code, message: error.message, help: error.help ?? null } };
}
