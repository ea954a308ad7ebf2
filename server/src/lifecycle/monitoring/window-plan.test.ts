import { describe, expect, it } from "vitest";
import { fromWall, toWall } from "./wall-clock.ts";
import { closedWindows, countedWindows, seasonStart, windowOf } from "./window-plan.ts";

const at = (text: string) => Date.parse(text);

describe("windows of event time", () => {
  it.each([
    ["1 month", "UTC", "2017-07-29T14:30:00Z", "2017-07-01T00:00:00Z", "2017-08-01T00:00:00Z", "2017-07"],
    ["1 week", "UTC", "2017-07-19T14:30:00Z", "2017-07-17T00:00:00Z", "2017-07-24T00:00:00Z", "2017-W29"],
    ["1 week", "UTC", "2027-01-01T00:00:00Z", "2026-12-28T00:00:00Z", "2027-01-04T00:00:00Z", "2026-W53"],
    ["1 day", "UTC", "2017-07-29T23:59:59Z", "2017-07-29T00:00:00Z", "2017-07-30T00:00:00Z", "29 Jul 2017"],
    [
      "6 h",
      "UTC",
      "2017-07-29T14:30:00Z",
      "2017-07-29T12:00:00Z",
      "2017-07-29T18:00:00Z",
      "29 Jul 2017 12:00",
    ],
    [
      "1 day",
      "Asia/Ho_Chi_Minh",
      "2017-07-29T18:00:00Z",
      "2017-07-29T17:00:00Z",
      "2017-07-30T17:00:00Z",
      "30 Jul 2017",
    ],
    [
      "1 month",
      "Asia/Ho_Chi_Minh",
      "2017-07-31T17:00:00Z",
      "2017-07-31T17:00:00Z",
      "2017-08-31T17:00:00Z",
      "2017-08",
    ],
    // Clocks go forward: a day of 23 hours, and back: one of 25.
    [
      "1 day",
      "Europe/Berlin",
      "2026-03-29T12:00:00Z",
      "2026-03-28T23:00:00Z",
      "2026-03-29T22:00:00Z",
      "29 Mar 2026",
    ],
    [
      "1 day",
      "Europe/Berlin",
      "2026-10-25T12:00:00Z",
      "2026-10-24T22:00:00Z",
      "2026-10-25T23:00:00Z",
      "25 Oct 2026",
    ],
  ])("cuts %s in %s around %s", (period, zone, time, start, end, title) => {
    expect(windowOf(at(time), { period, zone })).toEqual({ start: at(start), end: at(end), title });
  });

  it("cuts hours without gap or overlap while clocks change", () => {
    const cut = { period: "1 h", zone: "Europe/Berlin" };
    for (const day of ["2026-03-28T22:00:00Z", "2026-10-24T20:00:00Z"]) {
      let { start, end } = windowOf(at(day), cut);
      for (let hours = 0; hours < 12; hours++) {
        const next = windowOf(end, cut);
        expect(next.start).toBe(end);
        expect(next.end).toBeGreaterThan(next.start);
        [start, end] = [next.start, next.end];
      }
      expect(end - start).toBeGreaterThan(0);
    }
  });

  it("closes only windows whose end the watermark has passed, and leaves empty ones out", () => {
    const cut = { period: "1 day", zone: "UTC" };
    const times = [
      "2026-01-01T05:00:00Z",
      "2026-01-01T09:00:00Z",
      "2026-01-04T00:00:00Z",
      "2026-01-05T01:00:00Z",
    ].map(at);
    const found = closedWindows(times, cut, { after: null, closedUntil: at("2026-01-05T00:00:00Z") });
    expect(found.map(({ title }) => title)).toEqual(["1 Jan 2026", "4 Jan 2026"]);
    const later = closedWindows(times, cut, {
      after: at("2026-01-02T00:00:00Z"),
      closedUntil: at("2026-01-06T00:00:00Z"),
    });
    expect(later.map(({ title }) => title)).toEqual(["4 Jan 2026", "5 Jan 2026"]);
  });

  it("finds the same season a year before: the month by the calendar, else by 52 weeks so that weekdays meet", () => {
    expect(seasonStart(at("2017-07-01T00:00:00Z"), { period: "1 month", zone: "UTC" })).toBe(
      at("2016-07-01T00:00:00Z"),
    );
    expect(seasonStart(at("2017-07-17T00:00:00Z"), { period: "1 week", zone: "UTC" })).toBe(
      at("2016-07-18T00:00:00Z"),
    );
  });
});

describe("windows by count", () => {
  it("keeps rows of one moment together and closes with the next moment", () => {
    const moments = [10, 20, 30, 40].map((time) => ({ time, rows: 60 }));
    const found = countedWindows(moments, { rows: 100, before: 500, closedUntil: 40 });
    expect(found).toEqual([{ start: 10, end: 30, title: "rows 501 to 620" }]);
    expect(countedWindows(moments, { rows: 100, before: 0, closedUntil: 25 })).toEqual([]);
  });
});

describe("clocks of a zone", () => {
  it("gives the first of two moments, and the jump for a time that is left out", () => {
    expect(fromWall(at("2026-10-25T02:30:00Z"), "Europe/Berlin")).toBe(at("2026-10-25T00:30:00Z"));
    expect(fromWall(at("2026-03-29T02:30:00Z"), "Europe/Berlin")).toBe(at("2026-03-29T01:00:00Z"));
    expect(toWall(at("2026-03-29T01:00:00Z"), "Europe/Berlin")).toBe(at("2026-03-29T03:00:00Z"));
  });
});
