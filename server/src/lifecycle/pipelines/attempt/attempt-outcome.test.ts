import { describe, expect, it } from "vitest";
import { judgeOutcome } from "./attempt-outcome.ts";

const LIMITS = { timeoutMs: 1_800_000, resources: { memoryBytes: 2 * 2 ** 30, diskBytes: 500 * 2 ** 20 } };
const SILENT = { problem: null, lastError: null };
const ENDED = { exitCode: 0, signal: null, stoppedBy: null };

describe("judgeOutcome", () => {
  it("takes an exit code of 0 for done", () => {
    expect(judgeOutcome(ENDED, LIMITS, SILENT)).toBeNull();
  });

  it.each([
    ["the last line of standard error", { exitCode: 3 }, { lastError: "no luck" }, "failed", "no luck"],
    [
      "what the step itself says",
      { exitCode: 1 },
      { problem: "bad rows", lastError: "at x" },
      "failed",
      "bad rows",
    ],
    ["the exit code where nothing was said", { exitCode: 9 }, {}, "failed", "it ended with exit code 9"],
    ["a crash", { exitCode: null, signal: "SIGSEGV" as const }, {}, "failed", "it was ended by SIGSEGV"],
    [
      "a kill from outside",
      { exitCode: null, signal: "SIGKILL" as const },
      {},
      "killed",
      "it was killed from outside (SIGKILL; the system does that when memory runs out)",
    ],
    [
      "time",
      { exitCode: null, signal: "SIGKILL" as const, stoppedBy: "timeout" as const },
      {},
      "timeout",
      "it did not end within 30 min",
    ],
    [
      "memory",
      { exitCode: 143, stoppedBy: "memory" as const },
      {},
      "failed",
      "it used more memory than resources.memory allows: 2 GiB",
    ],
    [
      "disk",
      { exitCode: 0, stoppedBy: "disk" as const },
      {},
      "failed",
      "its folder grew larger than resources.disk allows: 500 MiB",
    ],
  ])("names %s", (_, outcome, report, failure, problem) => {
    expect(judgeOutcome({ ...ENDED, ...outcome }, LIMITS, { ...SILENT, ...report })).toEqual({
      failure,
      problem,
    });
  });
});
