import { describe, expect, it } from "vitest";
import { createFormat, decimalsOf, middle, shortDigest, tickDecimals } from "./format.ts";

const en = createFormat({ language: "en", timeZone: "UTC" });
const vi = createFormat({ language: "vi", timeZone: "Asia/Ho_Chi_Minh" });
const mixed = createFormat({ language: "vi", numbers: "english", timeZone: "UTC" });
const SECOND = 1_000;
const HOUR = 3_600_000;

describe("numbers", () => {
  it.each([
    [en.count(1284), "1,284"],
    [vi.count(1284), "1.284"],
    [mixed.count(1284), "1,284"],
    [en.metric(0.8456), "0.846"],
    [vi.metric(0.8456), "0,846"],
    [en.metric(-0.273), "−0.273"],
    [en.signed(0.086), "+0.086"],
    [en.signed(-0.273), "−0.273"],
    [en.percent(0.874), "87.4 %"],
    [vi.percent(0.874), "87,4%"],
    [mixed.percent(0.874), "87.4 %"],
    [en.interval(0.848, 0.867), "0.848 to 0.867"],
    [vi.interval(0.848, 0.867), "0,848 đến 0,867"],
    [en.plain(118.75), "118.8"],
    [en.plain(7043), "7,043"],
    [en.plain(0.00001234), "1.23e−5"],
    [en.metric("NaN"), "NaN"],
    [en.metric("-Infinity"), "−∞"],
  ])("writes %s as %s", (written, expected) => {
    expect(written).toBe(expected);
  });

  it("shows no decimals for a column of whole numbers, three for any other", () => {
    expect(decimalsOf([5634, 12])).toBe(0);
    expect(decimalsOf([5634, 0.5])).toBe(3);
    expect(decimalsOf([undefined, "NaN", 0.5])).toBe(3);
  });

  it("gives an axis the decimals that tell its ticks apart", () => {
    expect(tickDecimals(6)).toBe(0);
    expect(tickDecimals(0.18)).toBe(2);
    expect(tickDecimals(0.004)).toBe(4);
    expect(tickDecimals(0)).toBe(3);
  });
});

describe("durations and sizes", () => {
  it.each([
    [en.duration(0), "0 s"],
    [en.duration(20), "20 ms"],
    [en.duration(29_400), "29.4 s"],
    [en.duration(12 * SECOND), "12 s"],
    [en.duration(41 * 60 * SECOND + 8 * SECOND), "41 min 8 s"],
    [en.duration(3 * HOUR + 41 * 60 * SECOND), "3 h 41 min"],
    [vi.duration(3 * HOUR + 41 * 60 * SECOND), "3 giờ 41 phút"],
    [en.duration(58 * HOUR), "2 d 10 h"],
    [vi.duration(29_400), "29,4 giây"],
    [en.age(23 * HOUR + 19 * 60 * SECOND), "23 h"],
    [vi.age(17 * 60 * SECOND), "17 phút"],
    [en.bytes(999), "999 B"],
    [en.bytes(1_240_000), "1.2 MB"],
    [en.bytes(191_000), "191 kB"],
    [vi.bytes(1_240_000), "1,2 MB"],
    [en.memory(2_480_343_613), "2.31 GiB"],
  ])("writes %s as %s", (written, expected) => {
    expect(written).toBe(expected);
  });
});

describe("times", () => {
  const at = new Date("2017-08-03T09:42:05.000Z");

  it.each([
    [en.day(at), "3 Aug 2017"],
    [en.day(at, new Date("2017-12-01T00:00:00Z")), "3 Aug"],
    [en.fullDay(at), "Thu 3 Aug 2017"],
    [en.dateTime(at), "3 Aug 2017 09:42"],
    [en.exact(at), "Thu 3 Aug 2017, 09:42:05 UTC"],
    [vi.exact(at), "Thứ Năm 03/08/2017, 16:42:05 UTC+7"],
    [vi.day(at), "03/08/2017"],
    [vi.day(at, new Date("2017-12-01T00:00:00Z")), "03/08"],
    [vi.fullDay(at), "Thứ Năm 03/08/2017"],
    [vi.time(at), "16:42"],
    [vi.dateTime(at), "03/08/2017, 16:42"],
  ])("writes %s as %s", (written, expected) => {
    expect(written).toBe(expected);
  });
});

describe("ids", () => {
  it("leaves the middle of a long id out and keeps short ones whole", () => {
    expect(middle("b6e622390122c2a26ae222ff")).toBe("b6e622…e222ff");
    expect(middle("b6e622")).toBe("b6e622");
    expect(shortDigest("b6e622390122c2a2")).toBe("b6e622");
  });
});
