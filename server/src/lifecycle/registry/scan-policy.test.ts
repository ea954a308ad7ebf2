import type { ScanFinding } from "@causeway/contract";
import { expect, it } from "vitest";
import { judgeFindings } from "./scan-policy.ts";

const finding = (severity: ScanFinding["severity"]): ScanFinding => ({
  path: "model.pkl",
  rule: "pickle-import",
  severity,
  text: "loading it runs builtins.eval",
});

it.each([
  ["a danger", "danger", "warn", false, true],
  ["a warning under warn", "warning", "warn", false, false],
  ["a warning under block", "warning", "block", false, true],
  ["a note under block", "note", "block", false, false],
  ["an accepted danger", "danger", "block", true, false],
] as const)("R7/scan decides on %s", (_, severity, policy, accepted, held) => {
  expect(judgeFindings([finding(severity)], { policy, accepted }) !== null).toBe(held);
});
