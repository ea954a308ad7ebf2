import type { Column } from "@causeway/contract";
import { expect, it } from "vitest";
import type { ModelInspection } from "./model-inspection.ts";
import { chooseInputs } from "./signature-inputs.ts";

const columns: Column[] = [
  { name: "customerID", type: "string", nullable: false },
  { name: "tenure", type: "integer", nullable: false },
  { name: "charges", type: "double", nullable: true },
  { name: "since", type: "date", nullable: false },
  { name: "Churn", type: "string", nullable: false },
];
const choice = { columns, target: "Churn", key: "customerID", features: null, picks: false };
const tensor = (name: string, datatype = "FP32", shape = [-1, 1]) => ({ name, datatype, shape });
const inspected = (...inputs: ModelInspection["inputs"]): ModelInspection => ({
  inputs,
  outputs: [],
  labels: null,
});

it("takes the columns that the model names, in its order, with the types of the data", () => {
  expect(chooseInputs(inspected(tensor("charges"), tensor("tenure")), choice)).toEqual([
    { name: "charges", type: "double" },
    { name: "tenure", type: "integer" },
  ]);
});

it("asks for all columns that a learner could pick from, so that the next training asks for the same", () => {
  const picking = { ...choice, picks: true };
  expect(chooseInputs(inspected(tensor("charges")), picking).map(({ name }) => name)).toEqual([
    "tenure",
    "charges",
    "since",
  ]);
  const named = chooseInputs(inspected(tensor("charges")), { ...picking, features: ["tenure"] });
  expect(named.map(({ name }) => name)).toEqual(["tenure", "charges"]);
});

it("takes text where the model asks for it, and whole numbers where it takes nothing else", () => {
  const model = inspected(tensor("tenure", "BYTES"), tensor("since", "BYTES"), tensor("charges", "INT64"));
  expect(chooseInputs(model, choice).map(({ type }) => type)).toEqual(["string", "string", "integer"]);
});

it("gives a wide input every column but target and key", () => {
  const numbers = columns.filter(({ type }) => type === "integer" || type === "double" || type === "string");
  const data = { ...choice, columns: numbers.filter(({ name }) => name !== "since") };
  expect(chooseInputs(inspected(tensor("X", "FP32", [-1, 2])), data).map(({ name }) => name)).toEqual([
    "tenure",
    "charges",
  ]);
});

it("gives a wide input the features that were named, in their order", () => {
  const model = inspected(tensor("X", "FP32", [-1, 2]));
  const named = chooseInputs(model, { ...choice, features: ["charges", "tenure"] });
  expect(named.map(({ name }) => name)).toEqual(["charges", "tenure"]);
});

it("refuses what does not fit, and says what to do", () => {
  expect(() => chooseInputs(inspected(tensor("tenure"), tensor("age")), choice)).toThrow(
    "The model reads age, which the data has no column for",
  );
  expect(() => chooseInputs(inspected(tensor("X", "FP32", [-1, 7])), choice)).toThrow(
    "takes 7 columns, and the data has 3 beside target and key: tenure, charges, since",
  );
  expect(() => chooseInputs(inspected(tensor("tenure"), tensor("since")), choice)).toThrow(
    "The model reads since as a number (FP32), and the data holds it as date",
  );
  expect(() =>
    chooseInputs(inspected(tensor("X", "FP32", [-1, 2])), { ...choice, features: ["age"] }),
  ).toThrow("features names age, which the data has no column for");
  expect(() => chooseInputs(inspected(), choice)).toThrow("The model reads nothing");
});
