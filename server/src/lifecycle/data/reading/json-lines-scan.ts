import { type ColumnType, fail } from "@causeway/contract";
import { acceptsKind, inferType, mismatchReason } from "./column-reading.ts";
import { emptyFile } from "./csv-scan.ts";
import { FIELD, fieldKind } from "./field-kind.ts";
import { refuseDuplicates, refuseUnknownColumns } from "./header.ts";
import { streamRecords } from "./record-stream.ts";
import type { Scan, ScannedColumn, ScanOptions } from "./scan.ts";

const LF = 10;
const CR = 13;
const SHOWN_VALUE = 200;
const MISSING = FIELD.blank | FIELD.marker;
/** Digits from which on a JavaScript number may have lost some. */
const MANY_DIGITS = /\d{16}/;

interface Reading {
  /** Rows that have a value. */
  values: number;
  name: string;
  given: ColumnType | undefined;
  seen: number;
  blanks: number;
  firstBlank: number | undefined;
}

/** A whole number beyond what JavaScript holds exactly, as it was written. */
const DIGITS = Symbol("digits");
type Digits = { readonly [DIGITS]: string };

function isDigits(value: unknown): value is Digits {
  return typeof value === "object" && value !== null && DIGITS in value;
}

/**
 * Reads a file of one JSON object per line, once: types are inferred over every row, columns stand in the order in
 * which they first appear, and a value that is itself an object or a list is kept as its JSON text.
 */
export function scanJsonLines({ path, file, given, badRows, pieces, onProgress }: ScanOptions): Scan {
  const columns = new Map<string, Reading>();
  let line = 1;
  let rows = 0;

  function columnOf(name: string): Reading {
    const known = columns.get(name);
    if (known !== undefined) return known;
    const fresh = { name, given: given[name], seen: 0, values: 0, blanks: 0, firstBlank: undefined };
    columns.set(name, fresh);
    return fresh;
  }

  function takeLine(text: string): boolean {
    const row = parseObject(text);
    if (typeof row === "string") {
      badRows.add({ file, line, column: null, value: text.slice(0, SHOWN_VALUE), reason: row }, text);
      return false;
    }
    const entries = Object.entries(row).map(([name, value]) => ({
      name,
      type: given[name],
      value,
      kind: kindOf(value, given[name] !== undefined),
    }));
    for (const { name, type, value, kind } of entries) {
      if (type === undefined || acceptsKind(type, kind)) continue;
      badRows.add({ file, line, column: name, value: shown(value), reason: mismatchReason(type) }, text);
      return false;
    }
    for (const { name, kind, value } of entries) {
      const reading = columnOf(name);
      reading.seen |= kind;
      if ((kind & MISSING) === 0) reading.values++;
      if ((kind & MISSING) === 0 || value === null) continue;
      reading.blanks++;
      reading.firstBlank ??= line;
    }
    return true;
  }

  streamRecords({
    path,
    file,
    line: () => line,
    onProgress,
    take: ({ bytes, filled, last }, from) => {
      let end = bytes.indexOf(LF, from);
      if (end >= filled) end = -1;
      if (end < 0 && !last) return -1;
      if (end < 0) end = filled;
      const contentEnd = end > from && bytes[end - 1] === CR ? end - 1 : end;
      const text = bytes.toString("utf8", from, contentEnd);
      if (text.trim() !== "" && takeLine(text)) {
        rows++;
        pieces.add(bytes, from, contentEnd);
      }
      line++;
      return Math.min(end + 1, filled);
    },
  });
  if (rows + badRows.total() === 0) throw emptyFile(file);
  const names = [...columns.keys()];
  if (rows > 0) {
    refuseDuplicates(names, file);
    refuseUnknownColumns(Object.keys(given), names, file);
  }
  if (rows > 0 && names.length === 0) throw noColumns(file);
  return { columns: [...columns.values()].map((reading) => toColumn(reading, rows)), rows };
}

function toColumn({ given, values, ...reading }: Reading, rows: number): ScannedColumn {
  const type = given ?? inferType(reading.seen);
  if (type !== "string") return { ...reading, type, missing: rows - values, markers: [] };
  return { ...reading, type, blanks: 0, missing: undefined, firstBlank: undefined, markers: [] };
}

/** The object that a line holds, or why it holds none. */
function parseObject(text: string): Record<string, unknown> | string {
  let value: unknown;
  try {
    value = MANY_DIGITS.test(text) ? JSON.parse(text, keepDigits) : JSON.parse(text);
  } catch (error) {
    return `not JSON: ${error instanceof Error ? error.message : String(error)}`;
  }
  if (Array.isArray(value)) return "a JSON list, not an object; every line is one object";
  if (typeof value !== "object" || value === null || isDigits(value))
    return "a JSON value, not an object; every line is one object";
  // An object that is neither null nor a list. The parser keeps the last of two members of one name without a word.
  const row = value as Record<string, unknown>;
  return countMembers(text) === Object.keys(row).length ? row : "a member is named twice";
}

/** Members of the object that a text of valid JSON holds, those of inner objects left out. */
function countMembers(text: string): number {
  let depth = 0;
  let members = 0;
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case 34: // a quote: on to the one that closes
        for (at++; text.charCodeAt(at) !== 34; at++) if (text.charCodeAt(at) === 92) at++;
        break;
      case 123:
      case 91:
        depth++;
        break;
      case 125:
      case 93:
        depth--;
        break;
      case 58:
        if (depth === 1) members++;
        break;
    }
  }
  return members;
}

// The parser hands the text of a number as a third argument (TC39 "JSON.parse source text access"), which the library types lack.
function keepDigits(_name: string, value: unknown, context?: { source?: string }): unknown {
  const source = context?.source;
  if (typeof value !== "number" || source === undefined || Number.isSafeInteger(value)) return value;
  return /^-?\d+$/.test(source) ? { [DIGITS]: source } : value;
}

const encoder = new TextEncoder();

/** A quoted number stays text unless a type was given: JSON says what it means. Days and times have no other form than text. */
function kindOf(value: unknown, typeGiven: boolean): number {
  if (value === null || value === undefined) return FIELD.blank;
  if (typeof value === "boolean") return FIELD.boolean;
  if (typeof value === "number") {
    if (!Number.isInteger(value)) return FIELD.double;
    return value === 0 || value === 1
      ? FIELD.integer | FIELD.bit
      : Math.abs(value) < 2 ** 63
        ? FIELD.integer
        : FIELD.double;
  }
  if (isDigits(value)) return kindOfText(value[DIGITS]);
  if (typeof value !== "string") return FIELD.text;
  const kind = kindOfText(value);
  if (typeGiven || (kind & (FIELD.date | FIELD.timestamp | FIELD.blank)) !== 0) return kind;
  return FIELD.text;
}

function kindOfText(text: string): number {
  if (text.length > 64) return FIELD.text;
  const bytes = encoder.encode(text);
  return fieldKind(bytes, 0, bytes.length);
}

function shown(value: unknown): string {
  const text = isDigits(value) ? value[DIGITS] : typeof value === "string" ? value : JSON.stringify(value);
  return (text ?? String(value)).slice(0, SHOWN_VALUE);
}

function noColumns(file: string) {
  return fail("BAD_DATA", {
    message: `${file} has objects without a single member`,
    field: "file",
    value: file,
    help: 'Write one object per line with a member for each column: {"age": 42}',
  });
}
