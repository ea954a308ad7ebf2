import { closeSync, createReadStream, createWriteStream, fstatSync, openSync, readSync } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { type FileFormat, fail } from "@causeway/contract";
import { emptyFile } from "./csv-scan.ts";

const MAGIC_BYTES = 4;
const SNIFFED_BYTES = 4096;

const FORMAT_BY_ENDING: Record<string, FileFormat> = {
  csv: "csv",
  tsv: "csv",
  txt: "csv",
  parquet: "parquet",
  pq: "parquet",
  jsonl: "jsonl",
  ndjson: "jsonl",
  json: "jsonl",
};

/** A file that is ready to be read: unpacked where it came packed. */
export interface ReadableFile {
  path: string;
  format: FileFormat;
}

/** Finds out what a file is, by what was said, its name, or its first bytes, and unpacks gzip into `scratch`. */
export async function openImportedFile(
  { path, file, format }: { path: string; file: string; format: FileFormat | undefined },
  scratch: string,
): Promise<ReadableFile> {
  const head = readEnds(path);
  if (head.size === 0) throw emptyFile(file);
  if (head.first[0] === 0x1f && head.first[1] === 0x8b) {
    const unpacked = join(scratch, "unpacked");
    await unpack({ path, file, unpacked });
    return openImportedFile({ path: unpacked, file: file.replace(/\.gz$/i, ""), format }, scratch);
  }
  if (head.first.subarray(0, 4).equals(Buffer.from([0x50, 0x4b, 0x03, 0x04]))) {
    throw fail("BAD_DATA", {
      message: `${file} is a ZIP archive or an Excel workbook`,
      field: "file",
      value: file,
      help: "Unpack it, or save the sheet as CSV (UTF-8), and import that.",
    });
  }
  const isParquet = head.first.subarray(0, 4).toString("latin1") === "PAR1";
  const named = format ?? FORMAT_BY_ENDING[file.toLowerCase().split(".").at(-1) ?? ""];
  if (named === "parquet" && (!isParquet || head.last.toString("latin1") !== "PAR1"))
    throw notParquet(file, isParquet);
  if (named === undefined && isParquet) return { path, format: "parquet" };
  if (named === "csv" && isParquet) {
    throw fail("BAD_DATA", {
      message: `${file} is a Parquet file, not CSV`,
      field: "format",
      value: "csv",
      help: "Import with --format=parquet",
    });
  }
  return { path, format: named ?? textFormat(head.first) };
}

function readEnds(path: string): { size: number; first: Buffer; last: Buffer } {
  const handle = openSync(path, "r");
  try {
    const { size } = fstatSync(handle);
    const first = Buffer.alloc(Math.min(size, SNIFFED_BYTES));
    readSync(handle, first, 0, first.length, 0);
    const last = Buffer.alloc(Math.min(size, MAGIC_BYTES));
    readSync(handle, last, 0, last.length, size - last.length);
    return { size, first, last };
  } finally {
    closeSync(handle);
  }
}

function textFormat(first: Buffer): FileFormat {
  return /^(\u{feff})?\s*\{/u.test(first.toString("utf8")) ? "jsonl" : "csv";
}

async function unpack({
  path,
  file,
  unpacked,
}: {
  path: string;
  file: string;
  unpacked: string;
}): Promise<void> {
  try {
    await pipeline(createReadStream(path), createGunzip(), createWriteStream(unpacked));
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
    if (!code.startsWith("Z_") && !code.startsWith("ERR_")) throw cause; // the disk's fault, not the file's
    throw fail("BAD_DATA", {
      message: `${file} starts like gzip and cannot be unpacked: ${cause instanceof Error ? cause.message : cause}`,
      field: "file",
      value: file,
      help: `Test it with: gzip -t '${file}'`,
      cause,
    });
  }
}

function notParquet(file: string, begins: boolean) {
  return fail("BAD_DATA", {
    message: begins
      ? `${file} begins like Parquet and ends in the middle: the copy or the export was cut off`
      : `${file} is not a Parquet file`,
    field: "file",
    value: file,
    help: begins
      ? "Copy or export it again."
      : "Import with --format=csv or --format=jsonl if it is one of these.",
  });
}
