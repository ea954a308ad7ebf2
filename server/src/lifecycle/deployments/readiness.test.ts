import type { GatewayReport } from "@causeway/contract";
import { expect, it } from "vitest";
import { askedRevision, decideStanding, type Standing } from "./readiness.ts";

const pending: Standing = { state: "pending", revision: 2, serving: 1, givenUp: false };
const ready: Standing = { state: "ready", revision: 2, serving: 2, givenUp: false };
const failed: Standing = { state: "failed", revision: 2, serving: 1, givenUp: false };

function heard(gateway: string, state: GatewayReport["state"], revision = 2) {
  return { gateway, revision, state, problem: state === "failed" ? "UNAVAILABLE: control is away" : null };
}
const refused = (gateway: string) => ({ ...heard(gateway, "failed"), problem: "GOLDEN_MISMATCH: row 3" });
const givenUp: Standing = { ...failed, givenUp: true };
const first: Standing = { state: "pending", revision: 1, serving: null, givenUp: false };

it.each([
  ["waits without a live gateway", pending, [], [heard("a", "ready")], pending],
  ["waits for a gateway that has said nothing", pending, ["a", "b"], [heard("a", "ready")], pending],
  ["waits for one that is loading", pending, ["a"], [heard("a", "loading")], pending],
  ["does not count what is said of another revision", pending, ["a"], [heard("a", "ready", 1)], pending],
  [
    "is ready when every live gateway has it",
    pending,
    ["a", "b"],
    [heard("a", "ready"), heard("b", "ready")],
    ready,
  ],
  [
    "does not wait for a gateway that is gone",
    pending,
    ["a"],
    [heard("a", "ready"), heard("b", "loading")],
    ready,
  ],
  [
    "fails when one gateway could not load it",
    pending,
    ["a", "b"],
    [heard("a", "ready"), heard("b", "failed")],
    failed,
  ],
  ["gets out of failure when the load goes well after all", failed, ["a"], [heard("a", "ready")], ready],
  ["stays failed while it is tried again", failed, ["a"], [heard("a", "loading")], failed],
  [
    "stays ready when a new gateway cannot load it",
    ready,
    ["a", "b"],
    [heard("a", "ready"), heard("b", "failed")],
    ready,
  ],
  [
    "fails when no gateway has it any more",
    ready,
    ["a"],
    [heard("a", "failed")],
    { ...ready, state: "failed" as const },
  ],
  [
    "stays ready while a new gateway loads it",
    ready,
    ["a", "b"],
    [heard("a", "ready"), heard("b", "loading")],
    ready,
  ],
  ["gives up what no other try can mend", pending, ["a", "b"], [heard("a", "ready"), refused("b")], givenUp],
  ["stays failed once given up, whoever is left", givenUp, ["a"], [heard("a", "ready")], givenUp],
  [
    "has nothing to go back to from the first revision",
    first,
    ["a"],
    [{ ...refused("a"), revision: 1 }],
    { ...first, state: "failed" as const },
  ],
])("%s", (_, standing, live, reports, expected) => {
  expect(decideStanding(standing, live, reports)).toEqual(expected);
});

it("asks for what served before once a revision is given up, and for the newest otherwise", () => {
  expect([pending, ready, failed, givenUp, first].map(askedRevision)).toEqual([2, 2, 2, 1, 1]);
});
