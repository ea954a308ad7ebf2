import { expect, it } from "vitest";
import { createUuidV7 } from "./uuid-v7.ts";

const SHAPE = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

it("makes ids of version 7 that carry their time", () => {
  const id = createUuidV7(() => 1_700_000_000_123)();
  expect(id).toMatch(SHAPE);
  expect(Number.parseInt(id.replaceAll("-", "").slice(0, 12), 16)).toBe(1_700_000_000_123);
});

it("sorts ids in the order they were made, in one millisecond and when the clock steps back", () => {
  let time = 5000;
  const newId = createUuidV7(() => time);
  const ids = Array.from({ length: 20_000 }, (_, index) => {
    if (index === 9000) time -= 3;
    return newId();
  });
  expect(ids).toEqual([...ids].sort());
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids.slice(0, 100)) expect(id).toMatch(SHAPE);
});
