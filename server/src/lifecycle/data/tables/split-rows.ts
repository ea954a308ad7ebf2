import { join } from "node:path";
import { type Column, fail } from "@causeway/contract";
import type { SplitPlan } from "../split-plan.ts";
import { type Duck, identifier, literal, parquet } from "./duck.ts";
import { sideExpression } from "./split-query.ts";

/** Writes the rows of each side into a Parquet file of its own, in their order. Refuses rows that have no time. */
export async function splitRows(
  duck: Duck,
  paths: readonly string[],
  { plan, schema, folder }: { plan: SplitPlan; schema: readonly Column[]; folder: string },
): Promise<{ name: string; path: string }[]> {
  if (plan.by === "time") await refuseTimeless(duck, paths, plan.column);
  const columns = schema.map(({ name }) => identifier(name)).join(", ");
  const side = sideExpression(plan);
  const files: { name: string; path: string }[] = [];
  for (const { name } of plan.sides) {
    const path = join(folder, `${name}.parquet`);
    await duck.run(
      `copy (select ${columns} from ${parquet(paths)} where ${side} = ${literal(name)}) to ${literal(path)} (format parquet, compression zstd)`,
    );
    files.push({ name, path });
  }
  return files;
}

async function refuseTimeless(duck: Duck, paths: readonly string[], column: Column): Promise<void> {
  const [row = []] = await duck.rows(
    `select count(*) from ${parquet(paths)} where ${identifier(column.name)} is null`,
  );
  const missing = Number(row[0]);
  if (missing === 0) return;
  throw fail("BAD_DATA", {
    message: `${missing.toLocaleString("en")} rows have no ${column.name}, so no side of the split is theirs`,
    field: "split.column",
    value: column.name,
    help: "Split by a column that every row has, or by hash of a key.",
  });
}
