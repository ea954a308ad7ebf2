import { type Column, type ColumnType, fail } from "@causeway/contract";

/**
 * The types that new rows must have to be added to a version: those of the version. Types that were asked for may only
 * agree with them.
 */
export function typesForAppend(
  schema: readonly Column[],
  asked: Record<string, ColumnType>,
): Record<string, ColumnType> {
  for (const { name, type } of schema) {
    const wanted = asked[name];
    if (wanted === undefined || wanted === type) continue;
    throw fail("BAD_DATA", {
      message: `Column ${name} is ${type} in the version that rows are added to, and ${wanted} was asked for`,
      field: `options.columns.${name}`,
      value: wanted,
      help: "Leave the type out, or import without --append.",
    });
  }
  return Object.fromEntries(schema.map(({ name, type }) => [name, type]));
}

/** Refuses rows whose columns are not those of the version that they are added to; their order may differ. */
export function refuseOtherColumns(schema: readonly Column[], names: readonly string[], file: string): void {
  const missing = schema.find(({ name }) => !names.includes(name));
  const extra = names.find((name) => !schema.some((column) => column.name === name));
  if (missing === undefined && extra === undefined) return;
  throw fail("BAD_DATA", {
    message:
      missing === undefined
        ? `${file} has a column ${extra} that the version does not have`
        : `${file} lacks the column ${missing.name} that the version has`,
    field: "columns",
    value: missing?.name ?? extra ?? null,
    help: "Rows that are added have the columns of the version. Import without --append to start a new table.",
  });
}

/** The schema of old and new rows together: a column may miss values when it may in either. */
export function joinSchemas(before: readonly Column[] | undefined, added: readonly Column[]): Column[] {
  return added.map((column) => {
    const earlier = before?.find(({ name }) => name === column.name);
    return earlier === undefined ? column : { ...column, nullable: column.nullable || earlier.nullable };
  });
}
