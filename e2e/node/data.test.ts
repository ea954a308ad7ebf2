import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { causeway, type Running, removeFolder, startCauseway, temporaryFolder } from "../src/causeway.ts";

const SHOPS =
  "id,city,opened,area,zip\n1,Hanoi,2024-01-05,10.5,00100\n2,Hue,2024-02-05,20.5,00200\n3,Hanoi,2024-03-05,,00300\n";
const ORDERS = [
  "id,day",
  ...Array.from(
    { length: 400 },
    (_, index) => `o${index},2026-01-${String((index % 28) + 1).padStart(2, "0")}`,
  ),
];

let running: Running;
let folder: string;

beforeAll(async () => {
  folder = await temporaryFolder();
  running = await startCauseway();
});

afterAll(async () => {
  await running.stop();
  await removeFolder(running.dataDir);
  await removeFolder(folder);
});

function file(name: string, text: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const version = (dataset: string, id = "latest") => running.client.data.getVersion({ dataset, version: id });

describe("import", () => {
  it("D1/csv D1/file D1/inferred-types X8/json reads a CSV file by the command line", async () => {
    const done = await causeway([
      "data",
      "import",
      "shops",
      file("shops.csv", SHOPS),
      "--json",
      "--data-dir",
      running.dataDir,
    ]);
    expect(done.code, done.stderr).toBe(0);
    expect(done.stdout.trim().split("\n")).toHaveLength(1);
    const { schema, rows } = await version("shops");
    expect(rows).toBe(3);
    expect(schema.map(({ name, type }) => [name, type])).toEqual([
      ["id", "integer"],
      ["city", "string"],
      ["opened", "date"],
      ["area", "double"],
      ["zip", "string"],
    ]);
  });

  it("D1/json-lines D1/upload reads JSON lines sent over HTTP", async () => {
    const lines = '{"id": 1, "zip": 100}\n{"id": 2, "zip": 200}\n';
    const done = await running.client.data.importBlob("lines", { name: "a.jsonl", blob: new Blob([lines]) });
    expect(done.version?.schema.map(({ type }) => type)).toEqual(["integer", "integer"]);
  });

  it("D1/given-types keeps a column as the caller says", async () => {
    const options = { columns: { id: "string" } } as const;
    const { version: made } = await running.client.data.importFile(
      "texts",
      file("texts.csv", SHOPS),
      options,
    );
    expect(made?.schema[0]).toMatchObject({ name: "id", type: "string" });
  });

  it("D1/never-dropped sets bad rows aside when asked, and keeps their text", async () => {
    const path = file("bad.csv", "id,area\n1,2.5\n2,wide\n3,3.5\n");
    const options = { columns: { area: "double" }, onBadRow: "quarantine" } as const;
    const { version: made } = await running.client.data.importFile("bad", path, options);
    expect(made).toMatchObject({ rows: 2, quarantine: { rows: 1 } });
    const { rows } = await running.client.data.listQuarantine({ dataset: "bad", version: "latest" });
    expect(rows[0]).toMatchObject({ line: 3, column: "area", value: "wide", text: "2,wide" });
  });
});

describe("versions", () => {
  it("D2/content-id gives rows imported the same way the same id, under any name and on any machine", async () => {
    await running.client.data.importFile("again", file("shops.csv", SHOPS));
    const [first, second] = [await version("shops"), await version("again")];
    expect(second.id).toBe(first.id);
    expect(first.id).toBe("697bad78f215a2186fa7c7297435f76d63e6757381458eb0dda50ed8ddfaa92f");
  });

  it("D2/parts D1/parquet hands a part out as Parquet, which comes back with the same rows", async () => {
    const part = await running.client.data.downloadPart({ dataset: "shops", version: "latest", part: 0 });
    const bytes = new Uint8Array(await new Response(part.stream).arrayBuffer());
    expect(new TextDecoder().decode(bytes.subarray(0, 4))).toBe("PAR1");
    await running.client.data.importFile("back", file("back.parquet", bytes));
    const [shops, back] = await Promise.all(
      ["shops", "back"].map((dataset) => running.client.data.preview({ dataset, version: "latest" })),
    );
    expect(back).toEqual(shops);
  });

  it("D2/append D2/immutable re-uses old parts, and leaves the older version as it was", async () => {
    const before = await version("shops");
    const more = file("more.csv", "id,city,opened,area,zip\n4,Hue,2024-04-05,1.5,00400\n");
    await running.client.data.importFile("shops", more, { append: true });
    const after = await version("shops");
    expect(after).toMatchObject({ rows: 4, parent: before.id });
    expect(after.parts[0]?.digest).toBe(before.parts[0]?.digest);
    expect(await version("shops", before.id)).toEqual(before);
  });
});

it("D4/count D4/distinct D4/moments D4/quantiles D4/histogram D4/top-values D4/mergeable profiles a version of several parts", async () => {
  const { columns } = await running.client.data.getProfile({ dataset: "shops", version: "latest" });
  const [id, city, , area] = columns;
  expect(id).toMatchObject({ count: 4, missing: 0, distinct: 4, min: 1, max: 4, mean: 2.5 });
  expect(id?.std).toBeCloseTo(Math.sqrt(5 / 3), 12);
  expect(id?.quantiles.find(({ p }) => p === 0.5)?.value).toBeCloseTo(2.5, 6);
  expect(id?.histogram?.counts.reduce((sum, count) => sum + count, 0)).toBe(4);
  expect(area).toMatchObject({ missing: 1 });
  expect(city).toMatchObject({ distinct: 2, histogram: null });
  expect(city?.top).toEqual(
    expect.arrayContaining([
      { value: "Hanoi", count: 2 },
      { value: "Hue", count: 2 },
    ]),
  );
});

describe("splits", () => {
  const byHash = { by: "hash", key: "id", shares: { train: 0.8, test: 0.2 } } as const;

  async function split(request: Parameters<typeof running.client.data.startSplit>[0]["split"]) {
    const started = await running.client.data.startSplit({
      dataset: "orders",
      version: "latest",
      split: request,
    });
    await expect
      .poll(async () => (await running.client.data.getSplit({ split: started.id })).state, {
        timeout: 15_000,
      })
      .toBe("succeeded");
    const { parts } = await running.client.data.getSplit({ split: started.id });
    return Object.fromEntries(
      await Promise.all(
        parts.map(async ({ name, version: { dataset, id } }) => {
          const { rows } = await running.client.data.preview({ dataset, version: id, limit: 1000 });
          return [name, rows.map(([key, day]) => [String(key), String(day)] as const)] as const;
        }),
      ),
    );
  }

  it("D6/hash D6/stable keeps every row on its side when rows are appended", async () => {
    await running.client.data.importFile("orders", file("orders.csv", ORDERS.slice(0, 201).join("\n")));
    const before = await split(byHash);
    const rest = [ORDERS[0], ...ORDERS.slice(201)].join("\n");
    await running.client.data.importFile("orders", file("rest.csv", rest), { append: true });
    const after = await split(byHash);
    for (const side of ["train", "test"]) {
      const keys = new Set(after[side]?.map(([key]) => key));
      for (const [key] of before[side] ?? []) expect(keys, key).toContain(key);
    }
    expect((after["train"]?.length ?? 0) + (after["test"]?.length ?? 0)).toBe(400);
    expect(after["train"]?.length).toBeGreaterThan(280);
  });

  it("D6/time cuts at a moment", async () => {
    const sides = await split({
      by: "time",
      column: "day",
      names: ["early", "late"],
      boundaries: ["2026-01-15"],
    });
    expect(sides["early"]?.every(([, day]) => day < "2026-01-15")).toBe(true);
    expect(sides["late"]?.every(([, day]) => day >= "2026-01-15")).toBe(true);
    expect((sides["early"]?.length ?? 0) + (sides["late"]?.length ?? 0)).toBe(400);
  });
});

it("D7/preview shows rows in their stored order, from an offset", async () => {
  const page = await running.client.data.preview({
    dataset: "shops",
    version: "latest",
    offset: 2,
    limit: 2,
  });
  expect(page.total).toBe(4);
  expect(page.rows.map(([id]) => id)).toEqual([3, 4]);
});
