/** Rows as CSV (RFC 4180): machine form, whatever the reader's language. */
export function toCsv(header: readonly string[], rows: ReadonlyArray<readonly unknown[]>): string {
  return csvRows([header, ...rows]);
}

/** Rows of a CSV without a head: the next part of a long one. */
export function csvRows(rows: ReadonlyArray<readonly unknown[]>): string {
  return rows.map((row) => `${row.map(cell).join(",")}\r\n`).join("");
}

/** Hands text, or the parts of one, to the person as a file. */
export function saveText(name: string, text: string | readonly string[], type = "text/csv"): void {
  const parts = typeof text === "string" ? [text] : [...text];
  const url = URL.createObjectURL(new Blob(parts, { type: `${type};charset=utf-8` }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}

function cell(value: unknown): string {
  const text =
    value === null || value === undefined
      ? ""
      : typeof value === "object"
        ? JSON.stringify(value)
        : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
