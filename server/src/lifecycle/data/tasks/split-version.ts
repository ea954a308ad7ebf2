import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Column, Progress } from "@causeway/contract";
import type { SplitPlan } from "../split-plan.ts";
import { parquetSource } from "../tables/parquet-source.ts";
import { splitRows } from "../tables/split-rows.ts";
import { refusalOf } from "./import-file.ts";
import { openTaskDuck, prepareVersion } from "./prepare-version.ts";
import type { PreparedVersion, Refusal } from "./prepared-version.ts";

/** What the worker asks a split's process to do. */
export interface SplitOrder {
  paths: string[];
  schema: Column[];
  key: string | null;
  plan: SplitPlan;
  out: string;
}

/** How a split ended as far as the rows decide it. */
export type SplitOutcome =
  | { kind: "prepared"; sides: { name: string; version: PreparedVersion }[] }
  | { kind: "refused"; refusal: Refusal };

/** Computes one version for each side of a split. */
export async function splitVersion(
  { paths, schema, key, plan, out }: SplitOrder,
  { scratch, progress }: { scratch: string; progress: (progress: Progress) => void },
): Promise<SplitOutcome> {
  const duck = await openTaskDuck(scratch);
  try {
    const files = await splitRows(duck, paths, { plan, schema, folder: scratch });
    const given = Object.fromEntries(schema.map(({ name, type }) => [name, type]));
    const sides: { name: string; version: PreparedVersion }[] = [];
    for (const { name, path } of files) {
      const folder = join(out, name);
      mkdirSync(folder, { recursive: true });
      const version = await prepareVersion(duck, {
        base: undefined,
        key: key ?? undefined,
        onBadRow: "refuse",
        onBlank: "missing",
        file: `the side ${name}`,
        scratch,
        out: folder,
        progress,
        read: (badRows) => parquetSource(duck, [{ path, file: name }], { given, badRows }),
      });
      rmSync(path);
      sides.push({ name, version });
    }
    return { kind: "prepared", sides };
  } catch (error) {
    rmSync(out, { recursive: true, force: true });
    const refusal = refusalOf(error, "the version");
    if (refusal === undefined) throw error;
    return { kind: "refused", refusal };
  } finally {
    duck.close();
  }
}
