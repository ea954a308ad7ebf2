import { castExpression } from "../reading/column-reading.ts";
import { FIELD } from "../reading/field-kind.ts";
import type { Piece } from "../reading/piece-writer.ts";
import { LONGEST_RECORD_BYTES } from "../reading/record-stream.ts";
import type { Scan, ScannedColumn } from "../reading/scan.ts";
import { identifier, literal } from "./duck.ts";
import type { TableSource } from "./table-source.ts";

/**
 * Makes the source of scanned CSV. Columns of plain numbers are read as such, which is faster; the rest is read as text and
 * cast: the scan has proven that the casts hold.
 */
export function csvSource(scan: Scan & { delimiter: string }, pieces: readonly Piece[]): TableSource {
  const names = scan.columns
    .map((column, index) => `${literal(`c${index}`)}: ${literal(plainNumber(column) ?? "VARCHAR")}`)
    .join(", ");
  const columns = scan.columns
    .map((column, index) => {
      const read = `c${index}`;
      const typed = plainNumber(column) === undefined ? castExpression(read, column) : read;
      return `${typed} as ${identifier(column.name)}`;
    })
    .join(", ");
  return {
    columns: scan.columns.map(withoutKinds),
    parts: pieces.map(({ path, rows }) => ({
      piece: path,
      rows,
      select: `select ${columns} from read_csv(${literal(path)}, auto_detect = false, header = false,
        delim = ${literal(scan.delimiter)}, quote = '"', escape = '"', nullstr = '', new_line = '\\n',
        max_line_size = ${LONGEST_RECORD_BYTES + 1}, columns = {${names}})`,
    })),
  };
}

/** Makes the source of scanned JSON lines. */
export function jsonLinesSource(scan: Scan, pieces: readonly Piece[]): TableSource {
  const names = scan.columns.map(({ name }) => `${literal(name)}: 'VARCHAR'`).join(", ");
  const columns = scan.columns
    .map((column) => `${castExpression(identifier(column.name), column)} as ${identifier(column.name)}`)
    .join(", ");
  return {
    columns: scan.columns.map(withoutKinds),
    parts: pieces.map(({ path, rows }) => ({
      piece: path,
      rows,
      select: `select ${columns} from read_json(${literal(path)}, format = 'newline_delimited', columns = {${names}})`,
    })),
  };
}

/** The type of a column whose every field is a number without spaces around it; undefined for other columns. */
function plainNumber({ type, seen }: ScannedColumn): "BIGINT" | "DOUBLE" | undefined {
  if ((seen & ~(FIELD.integer | FIELD.bit | FIELD.double)) !== 0 || seen === 0) return undefined;
  if (type === "integer") return "BIGINT";
  return type === "double" ? "DOUBLE" : undefined;
}

function withoutKinds({ seen: _, ...column }: ScannedColumn) {
  return column;
}
