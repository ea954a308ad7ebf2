import { expect, it } from "vitest";
import { parseByteRange } from "./byte-range.ts";

it.each([
  [undefined, 10, "all"],
  ["bytes=0-3", 10, { start: 0, end: 3 }],
  ["bytes=4-", 10, { start: 4, end: 9 }],
  ["bytes=-3", 10, { start: 7, end: 9 }],
  ["bytes=-30", 10, { start: 0, end: 9 }],
  ["bytes=2-99", 10, { start: 2, end: 9 }],
  ["bytes=10-", 10, "none"],
  ["bytes=-0", 10, "none"],
  ["bytes=0-0", 0, "none"],
  ["bytes=5-2", 10, "all"],
  ["bytes=0-1,4-5", 10, "all"],
  ["items=0-1", 10, "all"],
  ["bytes=-", 10, "all"],
])("reads %s of a file of %s bytes", (header, bytes, range) => {
  expect(parseByteRange(header, bytes)).toEqual(range);
});
