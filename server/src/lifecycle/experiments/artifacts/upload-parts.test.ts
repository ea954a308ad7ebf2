import { expect, it } from "vitest";
import { orderParts } from "./upload-parts.ts";

const stored = [
  { number: 2, digest: "b", bytes: 2 },
  { number: 1, digest: "a", bytes: 1 },
];

it("brings parts into their order, with etags as clients quote them", () => {
  const named = [
    { number: 2, etag: '"b"' },
    { number: 1, etag: "" },
  ];
  expect(orderParts(stored, named, 2).map(({ digest }) => digest)).toEqual(["a", "b"]);
});

it.each([
  ["a part that has not come", 3, [1, 2, 3], "has not come"],
  ["a part that is not named", 2, [1], "not among"],
])("refuses %s", (_what, expected, numbers, words) => {
  const named = numbers.map((number) => ({ number, etag: "" }));
  expect(() => orderParts(stored, named, expected)).toThrow(words);
});

it("refuses a part that is another than the sender means", () => {
  const named = [
    { number: 1, etag: '"x"' },
    { number: 2, etag: '"b"' },
  ];
  expect(() => orderParts(stored, named, 2)).toThrow(
    expect.objectContaining({ code: "INVALID_FIELD", message: "Part 1 does not fit: it is a, not x" }),
  );
});
