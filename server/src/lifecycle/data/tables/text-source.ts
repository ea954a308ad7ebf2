import { castExpression } from "../reading/column-reading.ts";
import type { Piece } from "../reading/piece-writer.ts";
import { LONGEST_RECORD_BYTES } from "../reading/record-stream.ts";
import type { Scan, ScannedColumn } from "../reading/scan.ts";
import { identifier, literal } from "./duck.ts";
import type { TableSource } from "./table-source.ts";

/** Makes the source of scanned CSV: every column is read as text and cast, because the scan has proven the casts. */
export function csvSource(scan: Scan & { delimiter: string }, pieces: readonly Piece[]): TableSource {
  const names = scan.columns.map((_, index) => `${literal(`c${index}`)}: 'VARCHAR'`).join(", ");
  const columns = scan.columns
    .map((column, index) => `${castExpression(`c${index}`, column)} as ${identifier(column.name)}`)
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

function withoutKinds({ seen: _, ...column }: ScannedColumn) {
  return column;
}
