import { describe, expect, it } from "vitest";
import { fixtures } from "../../../testing/fixtures.ts";
import { orderedFindings, rowsAsideOf, warningsOf } from "./findings.ts";
import { commandOf, datasetNameOf } from "./import-choice.ts";

const { versions } = fixtures(new Date("2026-11-21T12:00:00.000Z"));

describe("findings", () => {
  it("come with warnings first, the most rows first", () => {
    const finding = versions.customers[0]!.findings[0]!;
    const ordered = orderedFindings([
      { ...finding, severity: "info", rows: 900 },
      { ...finding, rows: 2 },
      { ...finding, rows: 11 },
    ]);
    expect(ordered.map(({ rows }) => rows)).toEqual([11, 2, 900]);
  });

  it("count rows that were set aside", () => {
    expect(rowsAsideOf(versions["hotel-bookings"][0]!)).toBe(14);
    expect(rowsAsideOf(versions.customers[0]!)).toBe(0);
    expect(warningsOf(versions.customers[0]!)).toHaveLength(1);
  });
});

describe("the import form", () => {
  it.each([
    ["Telco Churn 2024.csv", "telco-churn-2024"],
    ["Đơn hàng.parquet", "don-hang"],
    ["__x__.csv", "x"],
  ])("offers %s the name %s", (file, name) => {
    expect(datasetNameOf(file)).toBe(name);
  });

  it("says the same as a command", () => {
    const choice = { dataset: "customers", key: "id", onBadRow: "quarantine", append: true } as const;
    expect(commandOf({ project: "default", environment: "dev" }, choice, "my file.csv")).toBe(
      "npx --no causeway data import customers 'my file.csv' --key id --on-bad-row=quarantine --append",
    );
  });
});
