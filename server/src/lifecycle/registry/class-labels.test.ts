import { expect, it } from "vitest";
import { matchLabel } from "./class-labels.ts";

it.each([
  ["Yes", ["No", "Yes"], "Yes"],
  [true, ["false", "true"], "true"],
  [true, ["False", "True"], "True"],
  [true, ["0", "1"], "1"],
  [false, ["0.0", "1.0"], "0.0"],
  [1, ["0", "1"], "1"],
  [1, ["0.0", "1.0"], "1.0"],
  ["1", ["0.0", "1.0"], "1.0"],
  ["maybe", ["No", "Yes"], undefined],
  ["", ["0", "1"], undefined],
  [2, ["0", "1"], undefined],
])("reads %j among %j as %j", (value, classes, expected) => {
  expect(matchLabel(value, classes)).toBe(expected);
});
