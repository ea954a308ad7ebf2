import type { GatewayReport } from "@causeway/contract";
import { expect, it } from "vitest";
import { decideStanding, type Standing } from "./readiness.ts";

const pending: Standing = { state: "pending", revision: 2, serving: 1 };
const ready: Standing = { state: "ready", revision: 2, serving: 2 };
const failed: Standing = { state: "failed", revision: 2, serving: 1 };

function heard(gateway: string, state: GatewayReport["state"], revision = 2) {
  return { gateway, revision, state };
}

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
])("%s", (_, standing, live, reports, expected) => {
  expect(decideStanding(standing, live, reports)).toEqual(expected);
});
