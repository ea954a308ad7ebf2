import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { type ColumnType, fail } from "@causeway/contract";
import { acceptsKind, inferType, mismatchReason } from "./column-reading.ts";
import { type CsvSample, decideDelimiter } from "./csv-delimiter.ts";
import { type CsvInput, type CsvRecord, createCsvRecord, fieldText, parseCsvRecord } from "./csv-record.ts";
import { FIELD, fieldKind } from "./field-kind.ts";
import { readHeader, refuseUnknownColumns } from "./header.ts";
import { streamRecords } from "./record-stream.ts";
import type { Scan, ScannedColumn, ScanOptions } from "./scan.ts";

const SAMPLE_BYTES = 256 * 1024;
const MOST_MARKERS = 3;
/** Characters of a bad value that are repeated. */
const SHOWN_VALUE = 200;

interface Flaw {
  column?: string;
  value?: string;
  reason: string;
}

interface Reading {
  name: string;
  given: ColumnType | undefined;
  seen: number;
  blanks: number;
  firstBlank: number | undefined;
  markers: string[];
}

/**
 * Reads a CSV file once, byte by byte: types are inferred over every row, each bad row is known by its line, and the
 * good rows are copied into pieces that DuckDB reads without guessing.
 */
export function scanCsv(
  options: ScanOptions & { delimiter: string | undefined },
): Scan & { delimiter: string } {
  const { path, file, given, badRows, pieces, onProgress } = options;
  const delimiter = decideDelimiter(readSample(path), options.delimiter);
  const record = createCsvRecord();
  const input: CsvInput = {
    bytes: new Uint8Array(),
    filled: 0,
    last: false,
    delimiter: delimiter.charCodeAt(0),
  };
  let columns: Reading[] | undefined;
  let typed: number[] = [];
  let line = 1;
  let rows = 0;

  function takeHeader(bytes: Buffer): Reading[] {
    const names = readHeader(
      Array.from({ length: record.fields }, (_, index) => fieldText(bytes, record, index)),
      file,
    );
    refuseUnknownColumns(Object.keys(given), names, file);
    typed = names.flatMap((name, index) =>
      given[name] === undefined || given[name] === "string" ? [] : [index],
    );
    return names.map((name) => ({
      name,
      given: given[name],
      seen: 0,
      blanks: 0,
      firstBlank: undefined,
      markers: [],
    }));
  }

  /** Why a row is bad, or undefined. */
  function findFlaw(bytes: Buffer, readings: Reading[]): Flaw | undefined {
    if (record.flaw === "trailing") return { reason: "text after a closing quote" };
    if (record.fields !== readings.length) {
      return {
        reason: `${count(record.fields, "field")}, where the header names ${count(readings.length, "column")}`,
      };
    }
    for (const index of typed) {
      const { given: type = "string", name } = readings[index] as Reading; // `typed` holds indexes of readings
      const kind = fieldKind(bytes, record.starts[index] as number, record.ends[index] as number); // inside the record
      if (!acceptsKind(type, kind))
        return { column: name, value: fieldText(bytes, record, index), reason: mismatchReason(type) };
    }
    return undefined;
  }

  function takeRow(bytes: Buffer, from: number, readings: Reading[]): void {
    const flaw = findFlaw(bytes, readings);
    if (flaw !== undefined) {
      const value = flaw.value?.slice(0, SHOWN_VALUE) ?? null;
      badRows.add(
        { file, line, column: flaw.column ?? null, value, reason: flaw.reason },
        bytes.toString("utf8", from, record.end),
      );
      return;
    }
    for (let index = 0; index < readings.length; index++) {
      const reading = readings[index] as Reading; // inside the bounds of the loop
      if (reading.given === "string" || (reading.seen & FIELD.text) !== 0) continue;
      const kind = fieldKind(bytes, record.starts[index] as number, record.ends[index] as number); // inside the record
      reading.seen |= kind;
      if ((kind & (FIELD.blank | FIELD.marker)) !== 0) noteBlank(reading, bytes, index);
    }
    rows++;
    if (record.flaw === undefined) pieces.add(bytes, from, record.end);
    else {
      const quoted = Buffer.from(requote(bytes, record, delimiter));
      pieces.add(quoted, 0, quoted.length);
    }
  }

  function noteBlank(reading: Reading, bytes: Buffer, index: number): void {
    reading.blanks++;
    reading.firstBlank ??= line;
    if (reading.markers.length === MOST_MARKERS) return;
    const text = fieldText(bytes, record, index).trim();
    if (!reading.markers.includes(text)) reading.markers.push(text);
  }

  streamRecords({
    path,
    file,
    line: () => line,
    onProgress,
    take: (window, from) => {
      input.bytes = window.bytes;
      input.filled = window.filled;
      input.last = window.last;
      const next = parseCsvRecord(input, from, record);
      if (next < 0) return next;
      if (record.flaw === "unclosed") throw unclosed(file, line);
      if (record.fields > 1 || record.end > from) {
        if (columns === undefined) columns = takeHeader(window.bytes);
        else takeRow(window.bytes, from, columns);
      }
      line += record.lines;
      return next;
    },
  });
  if (columns === undefined) throw emptyFile(file);
  if (rows + badRows.total() === 0) throw headerOnly(file, columns.length);
  return { columns: columns.map(toColumn), rows, delimiter };
}

function toColumn({ given, ...reading }: Reading): ScannedColumn {
  const type = given ?? inferType(reading.seen);
  if (type !== "string") return { ...reading, type, missing: reading.blanks };
  return { ...reading, type, blanks: 0, missing: undefined, firstBlank: undefined, markers: [] };
}

function readSample(path: string): CsvSample {
  const handle = openSync(path, "r");
  try {
    const size = fstatSync(handle).size;
    const bytes = Buffer.alloc(Math.min(size, SAMPLE_BYTES));
    const read = readSync(handle, bytes, 0, bytes.length, 0);
    return { bytes: bytes.subarray(0, read), whole: size <= SAMPLE_BYTES };
  } finally {
    closeSync(handle);
  }
}

/** Writes the row anew with every field in quotes, where its own quotes mislead other readers. */
function requote(bytes: Buffer, record: CsvRecord, delimiter: string): string {
  return Array.from(
    { length: record.fields },
    (_, index) => `"${fieldText(bytes, record, index).replaceAll('"', '""')}"`,
  ).join(delimiter);
}

function count(value: number, noun: string): string {
  return `${value} ${noun}${value === 1 ? "" : "s"}`;
}

/** The refusal of a file without a byte or a line. */
export function emptyFile(file: string) {
  return fail("BAD_DATA", {
    message: `${file} is empty`,
    field: "file",
    value: file,
    help: "Check that the export that wrote it has finished.",
  });
}

function headerOnly(file: string, columns: number) {
  return fail("BAD_DATA", {
    message: `${file} has a header of ${count(columns, "column")} and no rows`,
    field: "file",
    value: file,
    help: "Check that the export that wrote it has finished.",
  });
}

function unclosed(file: string, line: number) {
  return fail("BAD_DATA", {
    message: `${file}: a quote is opened in the row that starts at line ${line} and never closed`,
    field: "file",
    value: file,
    help: `Close the quote, or double it ("") where it is part of the text.`,
  });
}
