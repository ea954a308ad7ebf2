import { expect, it } from "vitest";
import { createNewId } from "./new-id.ts";

const SHAPE = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

it("makes ids of version 7 that sort in the order in which they were made, however many in a millisecond", () => {
  const newId = createNewId();
  const ids = Array.from({ length: 20_000 }, newId);
  expect(ids).toEqual([...ids].sort());
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids.slice(0, 100)) expect(id).toMatch(SHAPE);
});

it("goes on after the last id where the clock steps back", () => {
  const given = ["0198f0a1-b2c3-7fff-8000-00000000000a", "0198f0a1-b2c0-7abc-8000-00000000000b"];
  const newId = createNewId(() => given.shift() ?? "");
  expect([newId(), newId()]).toEqual([
    "0198f0a1-b2c3-7000-8000-00000000000a",
    "0198f0a1-b2c3-7001-8000-00000000000b",
  ]);
});
