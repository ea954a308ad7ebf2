import { isUtf8 } from "node:buffer";
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { fail } from "@causeway/contract";

/** The longest record that is read. DuckDB's own limit for a line of CSV. */
export const LONGEST_RECORD_BYTES = 2_000_000;

const BUFFER_BYTES = 8 * 1024 * 1024;

/** Parses one record at `from`; answers where the next starts, or -1 when the record is not complete yet. */
export type TakeRecord = (window: { bytes: Buffer; filled: number; last: boolean }, from: number) => number;

/** What is read, and who is told. */
export interface RecordStreamOptions {
  path: string;
  /** As the user knows the file. */
  file: string;
  take: TakeRecord;
  /** The line that the next record starts at. */
  line: () => number;
  onProgress: (doneBytes: number, totalBytes: number) => void;
}

/**
 * Reads a file of records through one buffer: memory stays the same however long the file is. Refuses what is not
 * UTF-8 and records that never end.
 */
export function streamRecords({ path, file, take, line, onProgress }: RecordStreamOptions): void {
  const handle = openSync(path, "r");
  try {
    const total = fstatSync(handle).size;
    const bytes = Buffer.allocUnsafe(BUFFER_BYTES);
    let filled = 0;
    let read = 0;
    let first = true;
    for (let last = false; !last; ) {
      while (filled < BUFFER_BYTES) {
        const count = readSync(handle, bytes, filled, BUFFER_BYTES - filled, null);
        if (count === 0) {
          last = true;
          break;
        }
        filled += count;
        read += count;
      }
      let at = first ? skipMark(bytes, filled, file) : 0;
      first = false;
      const from = at;
      const fromLine = line();
      let failure: unknown;
      let atLine = fromLine;
      while (at < filled) {
        let next: number;
        atLine = line();
        try {
          next = take({ bytes, filled, last }, at);
        } catch (error) {
          failure = error;
          break;
        }
        if (next < 0 || next - at > LONGEST_RECORD_BYTES) break;
        at = next;
      }
      // Bytes of another encoding look like odd records: say what is really wrong.
      const checked = failure === undefined ? at : filled;
      if (!isUtf8(bytes.subarray(from, checked))) {
        const offset = firstInvalid(bytes.subarray(from, filled), failure === undefined || last);
        if (offset >= 0)
          throw notUtf8(bytes, {
            file,
            at: from + offset,
            from,
            fromLine,
            offset: read - filled + from + offset,
          });
      }
      if (failure !== undefined) throw failure;
      if (filled - at > LONGEST_RECORD_BYTES)
        throw tooLong(bytes.subarray(at, filled), { file, line: atLine });
      bytes.copyWithin(0, at, filled);
      filled -= at;
      onProgress(read - filled, total);
    }
  } finally {
    closeSync(handle);
  }
}

function skipMark(bytes: Buffer, filled: number, file: string): number {
  if (filled >= 3 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 3;
  const mark = filled >= 2 ? bytes.readUInt16BE(0) : 0;
  if (mark === 0xfffe || mark === 0xfeff) {
    throw fail("BAD_DATA", {
      message: `${file} is UTF-16, not UTF-8`,
      field: "file",
      value: file,
      help: `Convert it first: iconv -f UTF-16 -t UTF-8 '${file}' > utf8.csv`,
    });
  }
  return 0;
}

/** Offset of the first byte that cannot stand where it stands, or -1; `whole` when no more bytes follow. */
export function firstInvalid(bytes: Uint8Array, whole: boolean): number {
  if (isPrefixOfText(bytes, !whole)) return -1;
  let good = 0;
  let bad = bytes.length + 1;
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (isPrefixOfText(bytes.subarray(0, middle), true)) good = middle;
    else bad = middle;
  }
  // The longest beginning may end inside a sequence of up to four bytes that the next byte breaks off.
  for (let back = 0; back < 4; back++)
    if (isUtf8(bytes.subarray(0, Math.max(0, good - back)))) return Math.max(0, good - back);
  return good;
}

function isPrefixOfText(bytes: Uint8Array, stream: boolean): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream });
    return true;
  } catch {
    return false;
  }
}

function notUtf8(
  bytes: Buffer,
  where: { file: string; at: number; from: number; fromLine: number; offset: number },
) {
  let line = where.fromLine;
  for (let at = where.from; at < where.at; at++) if (bytes[at] === 10) line++;
  const byte = (bytes[where.at] ?? 0).toString(16).toUpperCase().padStart(2, "0");
  return fail("BAD_DATA", {
    message: `${where.file} is not UTF-8: line ${line}, byte ${where.offset} of the file is 0x${byte}`,
    field: "file",
    value: where.file,
    help: `If it is Windows-1252, convert it first: iconv -f WINDOWS-1252 -t UTF-8 '${where.file}' > utf8.csv`,
  });
}

function tooLong(rest: Buffer, { file, line }: { file: string; line: number }) {
  const quoted = rest.subarray(0, LONGEST_RECORD_BYTES).includes(10);
  return fail("BAD_DATA", {
    message: quoted
      ? `${file}: the record that starts at line ${line} is longer than ${LONGEST_RECORD_BYTES.toLocaleString("en")} bytes; a quote in it is opened and not closed, or it is no record`
      : `${file}: line ${line} is longer than ${LONGEST_RECORD_BYTES.toLocaleString("en")} bytes`,
    field: "file",
    value: file,
    help: "Check the quotes and line ends around that line; a row may be at most 2 MB.",
  });
}
