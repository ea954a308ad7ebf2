import { fail } from "@causeway/contract";

/** Columns of one table at most. */
const MOST_COLUMNS = 4_096;

/** What a table's columns are called, from the first record of its file. Refuses names that two columns share. */
export function readHeader(fields: string[], file: string): string[] {
  if (fields.some((field) => field.includes("\0"))) {
    throw fail("BAD_DATA", {
      message: `${file} is not a text file: its first line holds NUL bytes`,
      field: "file",
      value: file,
      help: "Import CSV, JSON lines or Parquet. UTF-16 text is converted by: iconv -f UTF-16 -t UTF-8",
    });
  }
  if (fields.length > MOST_COLUMNS) {
    throw fail("BAD_DATA", {
      message: `${file} has ${fields.length} columns; at most ${MOST_COLUMNS} are read`,
      field: "file",
      value: fields.length,
      help: "Check the delimiter, or divide the table.",
    });
  }
  const names = fields.map((field, index) => field.trim() || `column_${index + 1}`);
  if (names.every(isFraction)) {
    throw fail("BAD_DATA", {
      message: `The first line of ${file} holds numbers (${names.slice(0, 3).join(", ")}), not column names`,
      field: "file",
      value: names[0],
      help: "Write the names of the columns as the first line.",
    });
  }
  refuseDuplicates(names, file);
  return names;
}

/** A table whose columns are counted (0, 1, 2) is common; one whose names have fractions is a table without names. */
function isFraction(name: string): boolean {
  return /^[+-]?\d*\.\d+$/.test(name);
}

/** Refuses names that differ in case alone, too: SQL could not tell them apart. */
export function refuseDuplicates(names: string[], file: string): void {
  const seen = new Map<string, number>();
  for (const [index, name] of names.entries()) {
    const earlier = seen.get(name.toLowerCase());
    if (earlier !== undefined) {
      throw fail("BAD_DATA", {
        message: `${file} names two columns ${name}: columns ${earlier + 1} and ${index + 1}`,
        field: "columns",
        value: name,
        help: "Give each column a name of its own; names that differ in case alone count as the same.",
      });
    }
    seen.set(name.toLowerCase(), index);
  }
}

/** Refuses types that were given for columns that the file does not have. */
export function refuseUnknownColumns(given: string[], names: string[], file: string): void {
  for (const name of given) {
    if (names.includes(name)) continue;
    throw fail("BAD_DATA", {
      message: `${file} has no column ${name}; its columns are ${listed(names)}`,
      field: "columns",
      value: name,
      help: "Names are compared exactly, case included.",
    });
  }
}

/** A list of names that fits a message. */
export function listed(names: string[]): string {
  return names.length <= 12
    ? names.join(", ")
    : `${names.slice(0, 12).join(", ")} and ${names.length - 12} more`;
}
