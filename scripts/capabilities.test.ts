import { describe, expect, it } from "vitest";
import {
  capabilitiesPage,
  claimsOf,
  overclaims,
  proofs,
  statusOf,
  type TestResult,
  unknownClaims,
} from "./capabilities.ts";
import { CAPABILITIES } from "./capability-claims.ts";

const outside = (name: string, passed = true): TestResult => ({
  name,
  passed,
  file: "e2e/node/data.test.ts",
});
const inside = (name: string, passed = true): TestResult => ({
  name,
  passed,
  file: "server/src/lifecycle/data/import.test.ts",
});

describe("claimsOf", () => {
  it.each([
    ["D1/csv reads a file", ["D1/csv"]],
    ["D1/csv, D2/content-id: gives the same id", ["D1/csv", "D2/content-id"]],
    ["reads D1/csv files", []],
    ["d1/csv is no id", []],
  ])("reads %s", (name, claims) => {
    expect(claimsOf(name)).toEqual(claims);
  });
});

it("names each claim that the table does not know, with its file", () => {
  const results = [outside("D1/csv reads"), outside("D1/xls reads"), outside("Q9/csv reads")];
  expect(unknownClaims(results, CAPABILITIES)).toEqual([
    "D1/xls in e2e/node/data.test.ts",
    "Q9/csv in e2e/node/data.test.ts",
  ]);
});

it("lets one failing test undo a claim, and a test from outside outweigh one from within", () => {
  const proven = proofs([
    outside("D1/csv reads"),
    inside("D1/csv fails", false),
    inside("D1/file reads"),
    outside("D1/file reads"),
    inside("D1/http reads"),
  ]);
  expect([proven.get("D1/csv"), proven.get("D1/file"), proven.get("D1/http")]).toEqual([
    "failed",
    "works",
    "inside",
  ]);
});

describe("statusOf", () => {
  it.each([
    [["works", "works"], "works"],
    [["works", "inside"], "partial"],
    [["works", "failed"], "partial"],
    [["inside", "absent"], "partial"],
    [["failed", "absent"], "absent"],
    [["absent"], "absent"],
  ] as const)("gives for %j: %s", (claims, status) => {
    expect(statusOf(claims)).toBe(status);
  });
});

it("writes one row for each line, with every claim marked", () => {
  const capabilities = { D6: { title: "Splits", claims: { hash: "by hash", time: "by time" } } };
  const page = capabilitiesPage([outside("D6/hash keeps rows")], capabilities);
  expect(page).toContain("0 work, 1 partial, 0 absent.");
  expect(page).toContain("| D6 | Splits | partial | ✓ by hash<br>· by time |");
});

it("finds what a page says and no test bears out, and lets it say less", () => {
  const capabilities = { D6: { title: "Splits", claims: { hash: "by hash", time: "by time" } } };
  const much = capabilitiesPage([outside("D6/hash keeps"), outside("D6/time cuts")], capabilities);
  const little = capabilitiesPage([outside("D6/hash keeps"), inside("D6/time cuts")], capabilities);
  expect(overclaims(little, much)).toEqual([]);
  expect(overclaims(much, little)).toEqual(["D6 by time: the page says ✓, the tests say ◐"]);
  expect(overclaims(much, "")).toHaveLength(2);
});
