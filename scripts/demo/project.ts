import { existsSync, readdirSync } from "node:fs";
import { cp, mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { createShop } from "../../examples/shop/world.ts";
import { root } from "../set-up.js";

/** Customers of the past, whose fate the first model learns from. */
const PAST = 2400;
const SEED = 7;

/** The folder that the demonstration builds: a project like anyone's, and the data folder beside or above it. */
export type Project = {
  readonly folder: string;
  readonly dataDir: string;
  readonly table: string;
  /** Goes on with customers that the table does not hold. */
  readonly shop: ReturnType<typeof createShop>;
};

/** Copies the example and draws its table of past customers. Without a data folder a new `demo` is made in the clone. */
export async function makeProject(dataDir: string | null): Promise<Project> {
  const folder = dataDir === null ? unused(join(root, "demo")) : join(resolve(dataDir), "shop");
  if (existsSync(folder) && readdirSync(folder).length > 0)
    throw new Error(`${folder} is not empty: give another --data-dir, or move it away`);
  await mkdir(folder, { recursive: true });
  await cp(join(root, "examples", "shop"), folder, { recursive: true });
  const table = join(folder, "customers.csv");
  const shop = createShop(SEED);
  const past = Array.from({ length: PAST }, () => shop.next(false));
  const rows = past.map(({ customer, leaves }) => [...Object.values(customer), leaves].join(","));
  const head = [...Object.keys(past[0]?.customer ?? {}), "leaves"].join(",");
  await writeFile(table, `${[head, ...rows].join("\n")}\n`);
  return { folder, dataDir: dataDir === null ? join(folder, ".causeway") : resolve(dataDir), table, shop };
}

/** The path itself, or the first of `-2`, `-3`, ... that is not there yet. */
function unused(path: string): string {
  for (let count = 1; ; count += 1) {
    const candidate = count === 1 ? path : `${path}-${count}`;
    if (!existsSync(candidate)) return candidate;
  }
}
