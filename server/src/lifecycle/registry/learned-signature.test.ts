import { expect, it } from "vitest";
import { isRepeatable, learnSignature } from "./learned-signature.ts";

const declared = { task: "other", target: null, classes: [], inputs: [] } as const;
const signature = { ...declared, classes: [...declared.classes], inputs: [...declared.inputs] };
const output = (datatype: string, shape: number[]) => ({ name: "predictions", datatype, shape });

it.each([
  ["classes where the model tells them apart", ["0", "1"], [output("INT64", [-1])], "classification"],
  ["a number where it gives one", null, [output("FP64", [-1])], "regression"],
  ["a number in a column of its own", null, [output("FP32", [-1, 1])], "regression"],
  ["neither where it gives several", null, [output("FP32", [-1, 3])], "other"],
  ["neither where it gives text", null, [output("BYTES", [-1])], "other"],
])("learns %s", (_, labels, outputs, task) => {
  expect(learnSignature(signature, { labels, outputs })).toMatchObject({ task, classes: labels ?? [] });
});

it("takes answers for the same that differ by floating point alone", () => {
  const answer = (value: number) => [{ value: "Yes", scores: { Yes: value } }];
  expect(isRepeatable(answer(0.5), answer(0.5 + 1e-9))).toBe(true);
  expect(isRepeatable(answer(0.5), answer(0.6))).toBe(false);
  expect(isRepeatable(answer(0.5), [])).toBe(false);
});
