import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { createStepData } from "./step-data.ts";

const folder = mkdtempSync(join(tmpdir(), "causeway-step-"));
const data = createStepData({ folder });
afterAll(async () => {
  await data.close();
  rmSync(folder, { recursive: true, force: true });
});

const shop = await data.fromRows(
  Array.from({ length: 200 }, (_, n) => ({
    id: `k${n}`,
    n,
    day: `2024-01-${String(1 + (n % 28)).padStart(2, "0")}`,
    share: n === 3 ? null : n / 4,
  })),
);

describe("createStepData", () => {
  it("keeps rows and gives them back as they were", async () => {
    expect(await data.schema(shop)).toMatchObject([
      { name: "id", type: "string" },
      { name: "n", type: "integer" },
      { name: "day", type: "date" },
      { name: "share", type: "double" },
    ]);
    expect(await data.rows(shop, { limit: 4 })).toEqual([
      { id: "k0", n: 0, day: "2024-01-01", share: 0 },
      { id: "k1", n: 1, day: "2024-01-02", share: 0.25 },
      { id: "k2", n: 2, day: "2024-01-03", share: 0.5 },
      { id: "k3", n: 3, day: "2024-01-04", share: null },
    ]);
    expect(await data.count(shop)).toBe(200);
  });

  it("D6/hash splits every row to one side, the same one each time", async () => {
    const options = { key: "id", shares: { train: 0.75, test: 0.25 } };
    const first = await data.splitByHash(shop, options);
    const again = await data.splitByHash(shop, options);
    expect((await data.count(first.train)) + (await data.count(first.test))).toBe(200);
    expect(await data.rows(again.test)).toEqual(await data.rows(first.test));
  });

  it("D6/time splits at boundaries", async () => {
    const { past, future } = await data.splitByTime(shop, {
      column: "day",
      names: ["past", "future"],
      boundaries: ["2024-01-15"],
    });
    expect((await data.rows(past)).every(({ day }) => String(day) < "2024-01-15")).toBe(true);
    expect((await data.rows(future)).every(({ day }) => String(day) >= "2024-01-15")).toBe(true);
  });

  it("answers SQL over datasets by name", async () => {
    const answer = await data.query("select count(*) as n, sum(share) as total from shop where n < 3", {
      shop,
    });
    expect(await data.frame(answer)).toEqual({ n: [3], total: [0.75] });
  });

  it("refuses a split that no column can make, saying why", async () => {
    await expect(data.splitByHash(shop, { key: "share", shares: { a: 0.5, b: 0.5 } })).rejects.toMatchObject({
      code: "INVALID_FIELD",
      field: "split.key",
    });
    await expect(data.splitByHash(shop, { key: "id", shares: { a: 0.5, b: 0.6 } })).rejects.toMatchObject({
      field: "split.shares",
    });
  });
});
