const QUOTE = 34;
const LF = 10;
const CR = 13;

/** What is odd about a record: `stray`, a quote inside an unquoted field; `trailing`, text after a closing quote; `unclosed`, a quote that never closes. */
export type CsvFlaw = "stray" | "trailing" | "unclosed";

/** One record of a CSV file as offsets into a buffer; made once and filled anew for each record. */
export interface CsvRecord {
  fields: number;
  /** Of each field, without its quotes. */
  starts: Int32Array;
  ends: Int32Array;
  /** 0 plain, 1 quoted, 2 quoted with doubled quotes inside, so not yet its value. */
  quoting: Uint8Array;
  /** Where the content ends, before the line end. */
  end: number;
  /** Line ends inside the record, its own included. */
  lines: number;
  /** True when the record ends with a line feed alone. */
  endsPlain: boolean;
  flaw: CsvFlaw | undefined;
}

/** Fields of one record that are told apart at most; a record with more is a file of another kind. */
export const MOST_FIELDS = 16_384;

/** Makes an empty record to parse into. */
export function createCsvRecord(): CsvRecord {
  return {
    fields: 0,
    starts: new Int32Array(MOST_FIELDS),
    ends: new Int32Array(MOST_FIELDS),
    quoting: new Uint8Array(MOST_FIELDS),
    end: 0,
    lines: 0,
    endsPlain: true,
    flaw: undefined,
  };
}

/** Where to parse: `filled` bytes of the buffer are there, and `last` says that no more will come. */
export interface CsvInput {
  bytes: Uint8Array;
  filled: number;
  last: boolean;
  delimiter: number;
}

/**
 * Parses the record that starts at `from` and answers where the next one starts, or -1 when the record goes on beyond
 * the bytes that are there. Quoting is that of RFC 4180; line ends are LF, CR LF or CR.
 */
export function parseCsvRecord(input: CsvInput, from: number, record: CsvRecord): number {
  const { bytes, filled, last, delimiter } = input;
  let at = from;
  let fields = 0;
  let lines = 1;
  let flaw: CsvFlaw | undefined;
  for (;;) {
    let start = at;
    let end: number;
    let quoting = 0;
    if (at < filled && bytes[at] === QUOTE) {
      quoting = 1;
      start = ++at;
      for (;;) {
        let byte = 0;
        while (at < filled) {
          byte = bytes[at] as number; // inside the bounds just checked
          if (byte === QUOTE) break;
          if (byte === LF) lines++;
          else if (byte === CR && at + 1 < filled && bytes[at + 1] !== LF) lines++;
          at++;
        }
        if (at >= filled) {
          if (!last) return -1;
          flaw = "unclosed";
          break;
        }
        if (at + 1 >= filled && !last) return -1;
        if (bytes[at + 1] !== QUOTE || at + 1 >= filled) break;
        quoting = 2;
        at += 2;
      }
      end = at;
      if (flaw !== "unclosed") at++;
      if (at < filled && bytes[at] !== delimiter && bytes[at] !== LF && bytes[at] !== CR) {
        flaw ??= "trailing";
        while (at < filled && bytes[at] !== delimiter && bytes[at] !== LF && bytes[at] !== CR) at++;
      }
    } else {
      let byte = 0;
      while (at < filled) {
        byte = bytes[at] as number; // inside the bounds just checked
        if (byte === delimiter || byte === LF || byte === CR) break;
        if (byte === QUOTE) flaw ??= "stray";
        at++;
      }
      end = at;
    }
    if (fields < MOST_FIELDS) {
      record.starts[fields] = start;
      record.ends[fields] = end;
      record.quoting[fields] = quoting;
    }
    fields++;
    if (at >= filled) {
      if (!last) return -1;
      break;
    }
    if (bytes[at] === delimiter) at++;
    else break;
  }
  record.fields = fields;
  record.end = at;
  record.lines = lines;
  record.flaw = flaw;
  record.endsPlain = at < filled && bytes[at] === LF;
  if (at >= filled) return at;
  if (bytes[at] === LF) return at + 1;
  if (at + 1 >= filled) return last ? at + 1 : -1;
  return bytes[at + 1] === LF ? at + 2 : at + 1;
}

/** The text of a field, its doubled quotes undone. */
export function fieldText(bytes: Uint8Array, record: CsvRecord, field: number): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString(
    "utf8",
    record.starts[field],
    record.ends[field],
  );
  return record.quoting[field] === 2 ? text.replaceAll('""', '"') : text;
}
