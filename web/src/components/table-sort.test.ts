import { describe, expect, it } from "vitest";
import { nextSort, readSort, sortRows, writeSort } from "./table-sort.ts";

const rows = [
  { name: "run 10", auc: 0.8 },
  { name: "run 9", auc: Number.NaN },
  { name: "run 2", auc: 0.9 },
  { name: "run 1", auc: 0.8 },
];
const byKey = (row: (typeof rows)[number], key: string) => (key === "auc" ? row.auc : row.name);
const names = (sort: string) => sortRows(rows, readSort(sort), byKey).map(({ name }) => name);

describe("table sort", () => {
  it("orders text by its numbers as people count", () => {
    expect(names("name")).toEqual(["run 1", "run 2", "run 9", "run 10"]);
  });

  it("keeps what has no value last in both directions", () => {
    expect(names("auc").at(-1)).toBe("run 9");
    expect(names("-auc").at(-1)).toBe("run 9");
  });

  it("breaks ties by the next column", () => {
    expect(names("auc,name").slice(0, 2)).toEqual(["run 1", "run 10"]);
  });

  it("goes up, down and away with each click, and adds with Shift", () => {
    const up = nextSort([], "auc", false);
    const down = nextSort(up, "auc", false);
    expect([writeSort(up), writeSort(down), writeSort(nextSort(down, "auc", false))]).toEqual([
      "auc",
      "-auc",
      "",
    ]);
    expect(writeSort(nextSort(down, "name", true))).toBe("-auc,name");
    expect(writeSort(nextSort(down, "name", false))).toBe("name");
  });

  it("reads back what it writes", () => {
    expect(writeSort(readSort("-auc,name"))).toBe("-auc,name");
  });
});
