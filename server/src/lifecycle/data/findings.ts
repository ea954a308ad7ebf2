import type { BadRow, Finding } from "@causeway/contract";

/** A condition on one other column that holds for every blank. */
export interface BlankCondition {
  column: string;
  value: string;
}

/** What was found about the blanks of one column. */
export interface Blanks {
  column: string;
  rows: number;
  /** As written: `NA`, `NULL`, or nothing for spaces. */
  markers: string[];
  condition: BlankCondition | undefined;
}

/** "11 blanks, all where tenure = 0": fields without a value in a column of another type than text. */
export function blankFinding({ column, rows, markers, condition }: Blanks): Finding {
  const words = markers.filter((marker) => marker !== "");
  const plural = rows === 1 ? "" : "s";
  const what =
    words.length === 0
      ? `${number(rows)} blank${plural}`
      : `${number(rows)} blank${plural} (${words.join(", ")}${words.length < markers.length ? " or nothing" : ""})`;
  const where = condition === undefined ? "" : `, all where ${condition.column} = ${condition.value}`;
  return {
    kind: "blank",
    severity: "warning",
    column,
    rows,
    message: `${what}${where}`,
    fact: { says: "blanks", markers, where: condition ?? null },
  };
}

/** "3 rows set aside, the first at line 5: not a number". */
export function badRowFinding(total: number, first: BadRow | undefined): Finding {
  const where =
    first === undefined ? "" : `, the first at line ${first.line} of ${first.file}: ${first.reason}`;
  return {
    kind: "bad-row",
    severity: "warning",
    column: null,
    rows: total,
    message: `${number(total)} row${total === 1 ? "" : "s"} set aside${where}`,
    fact: {
      says: "set-aside",
      first: first === undefined ? null : { file: first.file, line: first.line, reason: first.reason },
    },
  };
}

/** "every row has currency EUR". */
export function constantFinding(column: string, rows: number, value: string): Finding {
  return {
    kind: "constant",
    severity: "info",
    column,
    rows,
    message: `every row has ${column} = ${value}`,
    fact: { says: "constant", value },
  };
}

/** "2 rows repeat a customerID, for example 7590-VHVEG". */
export function duplicateKeyFinding(column: string, rows: number, example: string): Finding {
  const verb = rows === 1 ? "row repeats" : "rows repeat";
  return {
    kind: "duplicate-key",
    severity: "warning",
    column,
    rows,
    message: `${number(rows)} ${verb} a ${column}, for example ${example}`,
    fact: { says: "repeated", example },
  };
}

/** "2 rows have no customerID". */
export function missingKeyFinding(column: string, rows: number): Finding {
  const verb = rows === 1 ? "row has" : "rows have";
  return {
    kind: "duplicate-key",
    severity: "warning",
    column,
    rows,
    message: `${number(rows)} ${verb} no ${column}`,
    fact: { says: "missing-key" },
  };
}

function number(value: number): string {
  return value.toLocaleString("en");
}
