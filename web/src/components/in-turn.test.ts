import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { inTurn } from "./in-turn.ts";

describe("drawings in turn", () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it("does one drawing a task, in order, and leaves out those that were dropped", () => {
    const drawn: string[] = [];
    inTurn(() => drawn.push("a"));
    const drop = inTurn(() => drawn.push("b"));
    inTurn(() => drawn.push("c"));
    drop();
    expect(drawn).toEqual([]);
    vi.advanceTimersToNextTimer();
    expect(drawn).toEqual(["a"]);
    vi.advanceTimersToNextTimer();
    expect(drawn).toEqual(["a", "c"]);
    vi.runAllTimers();
  });

  it("goes on after a drawing that failed", () => {
    const drawn: string[] = [];
    inTurn(() => {
      throw new Error("no canvas");
    });
    inTurn(() => drawn.push("after"));
    expect(() => vi.advanceTimersToNextTimer()).toThrow("no canvas");
    vi.runAllTimers();
    expect(drawn).toEqual(["after"]);
    inTurn(() => drawn.push("later"));
    vi.runAllTimers();
    expect(drawn).toEqual(["after", "later"]);
  });
});
