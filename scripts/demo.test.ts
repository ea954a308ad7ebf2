import { describe, expect, it } from "vitest";
import { createShop } from "../examples/shop/world.ts";
import { bar, firstLine, table, weekLine } from "./demo/display.ts";
import { createEventClock, mondayBefore, WEEK_MS } from "./demo/event-clock.ts";
import type { DemoFigures } from "./demo/figures.ts";
import { parseOptions } from "./demo/options.ts";

describe("the demonstration's command line", () => {
  it("takes free ports with --exit, the usual ones without, and those that it is told", () => {
    expect(parseOptions([])).toMatchObject({ port: 7420, gatewayPort: 7421, changeWeek: 9, exit: false });
    expect(parseOptions(["--exit"])).toMatchObject({ port: 0, gatewayPort: 0 });
    expect(parseOptions(["--exit", "--port", "7500"])).toMatchObject({ port: 7500, gatewayPort: 0 });
    expect(parseOptions(["--change-week", "none"])).toMatchObject({ changeWeek: null });
  });

  it("says what is wrong with a value and how to write it", () => {
    expect(parseOptions(["--change-week", "40"])).toMatch(/--change-week: give a whole number from 2 to 16/);
    expect(parseOptions(["--weeks", "3"])).toMatch(/npm run demo -- \[options\]/);
  });
});

describe("the simulated shop", () => {
  it("draws the same people from the same seed", () => {
    const [one, other] = [createShop(3), createShop(3)];
    expect(Array.from({ length: 50 }, () => one.next(false))).toEqual(
      Array.from({ length: 50 }, () => other.next(false)),
    );
  });

  it("loses about half of its customers in either world, other ones after the change", () => {
    const leaving = (changed: boolean, contract: string) => {
      const shop = createShop(5);
      const people = Array.from({ length: 4000 }, () => shop.next(changed));
      const some = people.filter(({ customer }) => contract === "" || customer.contract === contract);
      return some.filter(({ leaves }) => leaves === "yes").length / some.length;
    };
    for (const changed of [false, true]) expect(Math.abs(leaving(changed, "") - 0.5)).toBeLessThan(0.05);
    expect(leaving(false, "monthly")).toBeGreaterThan(0.6);
    expect(leaving(true, "monthly")).toBeLessThan(0.4);
  });
});

describe("event time", () => {
  it("begins on a Monday and passes a week in the time that a week takes", () => {
    const start = mondayBefore(new Date("2026-11-21T13:00:00Z"), 17);
    expect(start.toISOString()).toBe("2026-07-20T00:00:00.000Z");
    const clock = createEventClock(start, { weekMs: 1000, slow: 0.1, patienceMs: 900 });
    expect(clock.pass(1000, false).getTime() - start.getTime()).toBe(WEEK_MS);
  });

  it("slows down while somebody works, until its patience ends", () => {
    const clock = createEventClock(new Date(0), { weekMs: 1000, slow: 0.1, patienceMs: 900 });
    expect(clock.pass(1000, true).getTime()).toBeCloseTo(0.1 * WEEK_MS, 0);
    expect(clock.pass(1000, true).getTime()).toBeCloseTo(1.1 * WEEK_MS, 0);
  });
});

describe("what is shown", () => {
  it("draws shares as bars of one width", () => {
    expect(bar(0.5)).toBe(`${"█".repeat(10)}${"·".repeat(10)}`);
    expect(bar(null)).toBe("·".repeat(20));
    expect(bar(1)).toHaveLength(20);
  });

  it("marks in the table when the change began, was noticed and was repaired", () => {
    const figures: DemoFigures = {
      weeks: [
        { week: 1, with: 0.9, without: 0.9, labelled: 1 },
        { week: 2, with: 0.8, without: 0.4, labelled: 0.5 },
      ],
      changedAt: "2026-07-27T00:00:00.000Z",
      noticedAt: null,
      repairedAt: null,
      trainings: 1,
      requests: { sent: 2400, failed: 0 },
      wallSeconds: 80.25,
    };
    const text = table(figures, (time) => (time === null ? null : 2));
    expect(text).toMatch(/ {5}2 .* 50 % {3}the world changes 27 Jul$/m);
    expect(text).toMatch(/2,400 sent, 0 failed/);
    expect(weekLine({ number: 3, start: new Date(0), with: 0.9, without: null, note: "" })).toMatch(
      /0\.90 .* – $/,
    );
  });

  it("cuts a long message to the width of a terminal", () => {
    expect(firstLine("short\nmore")).toBe("short");
    expect(firstLine("x".repeat(300))).toHaveLength(140);
  });
});
