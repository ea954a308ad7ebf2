import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { openDuck } from "../data/index.ts";
import { type Gathered, type GatherOrder, gatherTask } from "./gather-task.ts";

const folder = mkdtempSync("/tmp/causeway-gather-");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A line of a spool: one prediction of a day in March 2026. */
const line = (index: number, record: Record<string, unknown>, key: string | null = null) =>
  JSON.stringify({
    id: `p${index}.0`,
    project: "default",
    environment: "dev",
    deployment: "churn",
    revision: 1,
    model: "churn",
    version: 1,
    occurredAt: `2026-03-0${index}T10:00:00.000Z`,
    receivedAt: `2026-03-0${index}T10:00:00.000Z`,
    latencyMs: 1,
    key,
    record,
    prediction: { value: "No", scores: null },
    gateway: "g1",
  });

const truth = (rows: Record<number, string>) => {
  const path = join(folder, "truth.csv");
  const lines = Object.entries(rows).map(
    ([index, value]) => `"p${index}.0","${value}",2026-03-09T00:00:00Z,2026-03-09T00:00:00Z`,
  );
  writeFileSync(path, `${lines.join("\n")}\n`);
  return path;
};

const columns = [
  { name: "customerID", type: "string" },
  { name: "tenure", type: "integer" },
  { name: "since", type: "date" },
  { name: "Churn", type: "string" },
] as const;

async function gather(lines: readonly string[], changes: Partial<GatherOrder> = {}) {
  const spool = join(folder, "spool.jsonl");
  writeFileSync(spool, `${lines.join("\n")}\n`);
  const order: GatherOrder = {
    sources: {
      project: "default",
      environment: "dev",
      deployment: "churn",
      from: null,
      until: null,
      spool: [spool],
      files: [],
    },
    truth: changes.truth ?? truth({ 1: "Yes", 2: "No", 3: "Yes", 4: "No" }),
    before: null,
    shape: { columns, target: "Churn", key: "customerID", occurredAt: null },
    named: null,
    spans: {
      train: { from: null, until: "2026-03-03T00:00:00.000Z" },
      judge: { from: "2026-03-03T00:00:00.000Z", until: "2026-03-04T00:00:00.000Z" },
    },
    out: folder,
    ...changes,
  };
  const context = { scratch: folder, dataDir: folder, progress: () => {} };
  const gathered = (await gatherTask.run(order as never, context)) as Gathered; // what the task gives
  if (gathered === null) throw new Error("nothing moved");
  return gathered;
}

async function rowsOf(path: string | undefined): Promise<unknown[][]> {
  const duck = await openDuck({ threads: 1, memoryBytes: 64 * 2 ** 20 });
  try {
    return await duck.rows(`select * from read_parquet('${path}')`);
  } finally {
    duck.close();
  }
}

const LOG = [
  line(1, { tenure: 3, since: "2025-01-31" }, "a"),
  line(2, { tenure: "many", since: null }, "b"),
  line(3, { tenure: 5 }, "c"),
  line(4, { tenure: 7 }, "d"),
  line(5, { tenure: 9 }, "e"),
];

it("T3/train joins the log with its truth in the columns and types of the dataset, and keeps the judging span apart", async () => {
  const { spans } = await gather(LOG);
  expect(await rowsOf(spans["train"]?.path)).toEqual([
    ["a", "3", "2025-01-31", "Yes"],
    ["b", null, null, "No"],
  ]);
  expect(await rowsOf(spans["judge"]?.path)).toEqual([["c", "5", null, "Yes"]]);
});

it("T3/train takes a corrected truth for the true one, drops one that was taken back, and keeps rows that the log has forgotten", async () => {
  const { all } = await gather(LOG);
  expect(all.rows).toBe(4);
  const kept = join(folder, "kept.parquet");
  const duck = await openDuck({ threads: 1, memoryBytes: 64 * 2 ** 20 });
  await duck.run(`copy (from read_parquet('${all.path}')) to '${kept}' (format parquet)`);
  duck.close();
  const later = await gather(LOG.slice(1), { before: kept, truth: truth({ 2: "Yes", 3: "Yes" }) });
  expect(later.all.rows).toBe(3);
  expect(await rowsOf(later.spans["train"]?.path)).toEqual([
    ["a", "3", "2025-01-31", "Yes"],
    ["b", null, null, "Yes"],
  ]);
});

it("names a row by its prediction where nobody else does", async () => {
  const shape = { columns, target: "Churn", key: null, occurredAt: null };
  const { spans } = await gather(LOG, { shape, named: "customerID" });
  expect((await rowsOf(spans["train"]?.path)).map(([name]) => name)).toEqual(["p1.0", "p2.0"]);
});
