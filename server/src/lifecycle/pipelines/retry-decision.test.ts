import { describe, expect, it } from "vitest";
import { type AttemptFailure, decideRetry } from "./retry-decision.ts";

describe("decideRetry", () => {
  it.each<[AttemptFailure, { failures: number; kills: number }, number, { pauseMs: number } | null]>([
    ["failed", { failures: 1, kills: 0 }, 0, null],
    ["failed", { failures: 1, kills: 0 }, 2, { pauseMs: 1_000 }],
    ["failed", { failures: 2, kills: 0 }, 2, { pauseMs: 2_000 }],
    ["failed", { failures: 3, kills: 0 }, 2, null],
    ["failed", { failures: 20, kills: 0 }, 100, { pauseMs: 60_000 }],
    ["timeout", { failures: 1, kills: 0 }, 1, { pauseMs: 1_000 }],
    ["killed", { failures: 0, kills: 1 }, 0, { pauseMs: 0 }],
    ["killed", { failures: 0, kills: 2 }, 0, { pauseMs: 0 }],
    ["killed", { failures: 0, kills: 3 }, 9, null],
  ])("after %s with %j and %i retries: %j", (failure, counts, retries, expected) => {
    expect(decideRetry(failure, counts, retries)).toEqual(expected);
  });
});
