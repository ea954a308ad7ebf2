/** A table read from a file: its columns, its first rows as text, and whether more follow. */
export type ReadTable = { columns: string[]; rows: string[][]; isCut: boolean };

/** Rows that are shown of a table. */
const MOST_ROWS = 5_000;

/** Reads CSV (RFC 4180) or tab-separated text; the first line names the columns. A text that was cut loses its last line. */
export function readCsv(
  text: string,
  { separator, isCut }: { separator: string; isCut: boolean },
): ReadTable {
  const records: string[][] = [];
  let record: string[] = [];
  let cell = "";
  let isQuoted = false;
  let at = 0;
  const endRecord = () => {
    record.push(cell);
    if (record.length > 1 || cell !== "") records.push(record);
    record = [];
    cell = "";
  };
  for (; at < text.length && records.length <= MOST_ROWS; at += 1) {
    const letter = text[at];
    if (isQuoted) {
      if (letter !== '"') cell += letter;
      else if (text[at + 1] === '"') {
        cell += '"';
        at += 1;
      } else isQuoted = false;
    } else if (letter === '"' && cell === "") isQuoted = true;
    else if (letter === separator) {
      record.push(cell);
      cell = "";
    } else if (letter === "\n") endRecord();
    else if (letter !== "\r") cell += letter;
  }
  // What was cut off in the middle is no row.
  if (!isCut && at >= text.length && (cell !== "" || record.length > 0)) endRecord();
  const [columns = [], ...rows] = records;
  return { columns, rows: rows.slice(0, MOST_ROWS), isCut: isCut || at < text.length };
}

/** A table that was written as JSON: pandas' `split` (as MLflow logs tables) or a list of records; undefined for other JSON. */
export function tableOfJson(value: unknown): ReadTable | undefined {
  if (Array.isArray(value)) {
    const records = value.filter((each): each is Record<string, unknown> => isRecord(each));
    if (records.length === 0 || records.length < value.length) return undefined;
    const columns = [...new Set(records.slice(0, MOST_ROWS).flatMap((each) => Object.keys(each)))];
    return cutRows(
      columns,
      records.map((each) => columns.map((column) => each[column])),
    );
  }
  if (!isRecord(value)) return undefined;
  const { columns, data } = value;
  if (!Array.isArray(columns) || !Array.isArray(data) || !data.every((row) => Array.isArray(row))) {
    return undefined;
  }
  return cutRows(columns.map(String), data);
}

function cutRows(columns: string[], rows: readonly (readonly unknown[])[]): ReadTable {
  return {
    columns,
    rows: rows.slice(0, MOST_ROWS).map((row) => row.map(textOf)),
    isCut: rows.length > MOST_ROWS,
  };
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
