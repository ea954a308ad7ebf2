import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { countTests, readSteps } from "./test-count.ts";

const report = (numPassedTests: number, numFailedTests: number, unloaded = 0) => ({
  numPassedTests,
  numFailedTests,
  testResults: Array.from({ length: unloaded }, () => ({ status: "failed", assertionResults: [] })),
});

it.each([
  ["adds up reports", [report(3, 0), report(2, 1)], [0, 1], { passed: 5, failed: 1 }],
  ["counts a file that could not be loaded", [report(3, 0, 2)], [1], { passed: 3, failed: 2 }],
  ["counts a bad end though all passed", [report(3, 0)], [1], { passed: 3, failed: 1 }],
  ["counts a step without a report as one test", [undefined, undefined], [0, 7], { passed: 1, failed: 1 }],
])("%s", (_, reports, codes, expected) => {
  const steps = reports.map((one, index) => ({ name: `s${index}`, code: codes[index] ?? 0, report: one }));
  expect(countTests(steps)).toEqual(expected);
});

it("reads steps, and takes half a report for none", () => {
  const folder = mkdtempSync(join(tmpdir(), "causeway-steps-"));
  writeFileSync(join(folder, "steps"), "npm-test 0\ne2e-python 124\nlint 1\n");
  writeFileSync(join(folder, "npm-test.json"), JSON.stringify(report(4, 0)));
  writeFileSync(join(folder, "e2e-python.json"), '{"numPassedTests": 3,');
  const steps = readSteps(folder);
  rmSync(folder, { recursive: true });
  expect(steps.map(({ name, code, report: found }) => [name, code, found !== undefined])).toEqual([
    ["npm-test", 0, true],
    ["e2e-python", 124, false],
    ["lint", 1, false],
  ]);
  expect(countTests(steps)).toEqual({ passed: 4, failed: 2 });
});
