import { expect, it } from "vitest";
import { coalesce } from "./coalesce.ts";

it("asks what comes in one turn together, and equal keys once", async () => {
  const asked: (readonly string[])[] = [];
  const find = coalesce(async (keys) => {
    asked.push(keys);
    return new Map(keys.filter((key) => key !== "none").map((key) => [key, key.toUpperCase()]));
  });
  expect(await Promise.all(["a", "b", "a", "none"].map(find))).toEqual(["A", "B", "A", undefined]);
  expect(asked).toEqual([["a", "b", "none"]]);
});

it("answers every asker when there are more keys than one question takes", async () => {
  let out = 0;
  let most = 0;
  const find = coalesce(async (keys) => {
    out += 1;
    most = Math.max(most, out);
    await new Promise((resolve) => setTimeout(resolve, 1));
    out -= 1;
    return new Map(keys.map((key) => [key, Number(key)]));
  });
  const keys = Array.from({ length: 1000 }, (_, index) => String(index));
  expect(await Promise.all(keys.map(find))).toEqual(keys.map(Number));
  expect(most).toBe(2);
});

it("tells a failure to those who asked, and goes on", async () => {
  let fails = true;
  const find = coalesce(async (keys) => {
    if (fails) throw new Error("away");
    return new Map(keys.map((key) => [key, 1]));
  });
  await expect(Promise.all(["a", "b"].map(find))).rejects.toThrow("away");
  fails = false;
  expect(await find("a")).toBe(1);
});
