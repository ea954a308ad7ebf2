import { describe, expect, it } from "vitest";
import { z } from "zod";
import {
  fromWireNumber,
  requiredInteger,
  toWireNumber,
  VIEW_TYPES,
  WireEntry,
  wireBoolean,
  wireEnum,
  wireInteger,
  wireList,
  wireText,
} from "./wire.ts";

describe("numbers", () => {
  it.each([
    [1.5, 1.5],
    ["1.5", 1.5],
    [true, 1],
    [false, 0],
    ["NaN", Number.NaN],
    ["nan", Number.NaN],
    ["Infinity", Number.POSITIVE_INFINITY],
    ["-Infinity", Number.NEGATIVE_INFINITY],
    ["-inf", Number.NEGATIVE_INFINITY],
    ["foo", undefined],
    ["", undefined],
    [{}, undefined],
    [null, undefined],
  ])("%j means %s", (given, number) => expect(fromWireNumber(given)).toEqual(number));

  it("travel by name where JSON has none for them", () => {
    expect([1.5, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY].map(toWireNumber)).toEqual([
      1.5,
      "NaN",
      "Infinity",
      "-Infinity",
    ]);
  });

  it("that are whole come as JSON or as text, and only those that are kept exactly", () => {
    expect([7, "7", "-7", null, undefined].map((given) => wireInteger.parse(given))).toEqual([
      7,
      7,
      -7,
      undefined,
      undefined,
    ]);
    for (const wrong of [1.5, "1.5", "foo", 2 ** 53, "9223372036854775807"]) {
      expect(requiredInteger.safeParse(wrong).success).toBe(false);
    }
  });
});

describe("fields", () => {
  const Input = z.object({
    text: wireText,
    flag: wireBoolean,
    list: wireList(WireEntry),
    view: wireEnum(VIEW_TYPES),
  });

  it("that are unset or null are nothing", () => {
    const nothing = { text: undefined, flag: undefined, list: [], view: undefined };
    expect(Input.parse({})).toEqual(nothing);
    expect(Input.parse({ text: null, flag: null, list: null, view: null })).toEqual(nothing);
  });

  it("of closed sets come by name or number", () => {
    const view = (given: unknown) => Input.safeParse({ view: given }).data?.view;
    expect([view("ALL"), view(3), view("3"), view("all"), view(4)]).toEqual([
      "ALL",
      "ALL",
      "ALL",
      undefined,
      undefined,
    ]);
    expect(Input.safeParse({ view: "SOME" }).success).toBe(false);
  });

  it("of tags may leave the value out", () => {
    expect(Input.parse({ list: [{ key: "a" }, { key: "b", value: null }] }).list).toEqual([
      { key: "a", value: "" },
      { key: "b", value: "" },
    ]);
  });

  it("that nobody knows are left alone", () => {
    expect(Input.safeParse({ of: "tomorrow" }).success).toBe(true);
  });
});
