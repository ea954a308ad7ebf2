/** One sorted column; several make a sort, the first is the strongest. */
export type SortKey = { column: string; descending: boolean };

/** What a cell is ordered by. Empty cells stand last in both directions. */
export type SortValue = string | number | boolean | null | undefined;

/** Orders rows by several columns; equal rows keep their order. */
export function sortRows<Row>(
  rows: readonly Row[],
  keys: readonly SortKey[],
  sortValue: (row: Row, column: string) => SortValue,
): Row[] {
  return [...rows].sort((a, b) => {
    for (const { column, descending } of keys) {
      const order = compare(sortValue(a, column), sortValue(b, column), descending);
      if (order !== 0) return order;
    }
    return 0;
  });
}

/** The sort after a click on a header: up, down, none; with Shift it is added to the columns before it. */
export function nextSort(keys: readonly SortKey[], column: string, add: boolean): SortKey[] {
  const known = keys.find((key) => key.column === column);
  const others = add ? keys.filter((key) => key.column !== column) : [];
  if (known === undefined) return [...others, { column, descending: false }];
  return known.descending ? others : [...others, { column, descending: true }];
}

/** Writes a sort for the address: `name,-rows`. */
export function writeSort(keys: readonly SortKey[]): string {
  return keys.map(({ column, descending }) => (descending ? `-${column}` : column)).join(",");
}

/** Reads a sort from the address. */
export function readSort(text: string): SortKey[] {
  return text
    .split(",")
    .filter((part) => part !== "" && part !== "-")
    .map((part) =>
      part.startsWith("-")
        ? { column: part.slice(1), descending: true }
        : { column: part, descending: false },
    );
}

const collator = new Intl.Collator("en", { numeric: true });

function compare(a: SortValue, b: SortValue, descending: boolean): number {
  const emptyA = isEmpty(a);
  const emptyB = isEmpty(b);
  if (emptyA || emptyB) return Number(emptyA) - Number(emptyB);
  const order =
    typeof a === "string" || typeof b === "string"
      ? collator.compare(String(a), String(b))
      : Number(a) - Number(b);
  return descending ? -order : order;
}

function isEmpty(value: SortValue): boolean {
  return value === null || value === undefined || (typeof value === "number" && Number.isNaN(value));
}
