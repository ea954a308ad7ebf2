import { expect, it } from "vitest";
import { readMlModel, signatureOf } from "./mlmodel.ts";

const COLUMNS = `flavors:
  python_function:
    loader_module: mlflow.sklearn
    python_version: 3.11.7
  sklearn:
    sklearn_version: 1.9.1
mlflow_version: 3.17.2
signature:
  inputs: '[{"type": "double", "name": "age", "required": true}, {"type": "long", "name":
    "visits", "required": true}, {"type": "boolean", "name": "member", "required": false}, {"type": "datetime", "name": "since", "required": true}, {"type": "array", "items": {"type": "long"}, "name": "codes"}]'
  outputs: '[{"type": "tensor", "tensor-spec": {"dtype": "int64", "shape": [-1]}}]'
  params: '[{"name": "k", "default": 3, "shape": null, "type": "long"}]'
`;

it("R2/signature reads columns, what may be missing, and parameters", () => {
  const model = readMlModel(COLUMNS);
  expect(model).toMatchObject({
    flavors: ["python_function", "sklearn"],
    python: "3.11.7",
    mlflow: "3.17.2",
  });
  const { inputs, params, task, open } = signatureOf(model);
  expect({ task, open }).toEqual({ task: "other", open: undefined });
  expect(params).toEqual([{ name: "k", type: "long", default: 3, list: false }]);
  expect(inputs.map(({ name, type, nullable, optional }) => [name, type, nullable, optional])).toEqual([
    ["age", "double", true, undefined],
    ["visits", "integer", false, undefined],
    ["member", "boolean", true, true],
    ["since", "string", true, undefined],
    ["codes", "json", true, undefined],
  ]);
});

it("reads a tensor without a name as the one input, without the dimension of the rows", () => {
  const inputs = `[{"type": "tensor", "tensor-spec": {"dtype": "float32", "shape": [-1, 28, 28]}}]`;
  const { inputs: read } = signatureOf(readMlModel(`flavors: {}\nsignature:\n  inputs: '${inputs}'\n`));
  expect(read).toMatchObject([
    { name: "input", type: "tensor", tensor: { dtype: "float32", shape: [28, 28] } },
  ]);
});

it("R2/signature reads a tensor that is a table of numbers as its columns, so that they can be watched", () => {
  const inputs = `[{"type": "tensor", "tensor-spec": {"dtype": "float32", "shape": [-1, 3]}}]`;
  const { inputs: read } = signatureOf(readMlModel(`flavors: {}\nsignature:\n  inputs: '${inputs}'\n`));
  expect(read.map(({ name, type, nullable }) => [name, type, nullable])).toEqual([
    ["0", "double", true],
    ["1", "double", true],
    ["2", "double", true],
  ]);
});

it("keeps tensors whole whose columns would be called the same, or be too many", () => {
  const tensor = (name: string, size: number) => ({
    type: "tensor",
    name,
    "tensor-spec": { dtype: "float64", shape: [-1, size] },
  });
  const read = (...specs: object[]) => {
    const { inputs } = signatureOf(
      readMlModel(`flavors: {}\nsignature:\n  inputs: '${JSON.stringify(specs)}'\n`),
    );
    return inputs.map(({ name, type }) => `${name} ${type}`);
  };
  expect(read(tensor("a", 1), tensor("b", 2))).toEqual(["a double", "b.0 double", "b.1 double"]);
  expect(read(tensor("a", 2), tensor("a.1", 1))).toEqual(["a tensor", "a.1 tensor"]);
  expect(read(tensor("a", 200), tensor("b", 200))).toEqual(["a tensor", "b tensor"]);
});

it("reads the names of classes that a model was logged with", () => {
  const classesOf = (text: string) => signatureOf(readMlModel(`flavors: {}\nmetadata:\n  ${text}\n`)).classes;
  expect(classesOf("classes: [setosa, 1, true]")).toEqual(["setosa", "1", "true"]);
  expect(classesOf("classes: 3")).toEqual([]);
  expect(classesOf("task: llm/v1/chat")).toEqual([]);
});

it("takes any record where the model was logged without a signature", () => {
  expect(signatureOf(readMlModel("flavors:\n  python_function: {}\n"))).toMatchObject({
    inputs: [],
    open: true,
  });
});

it.each([
  ["no YAML", "a: [1"],
  ["a signature that is no JSON", "signature:\n  inputs: 'x'\n"],
  ["a text", "hello"],
])("refuses %s", (_, text) => {
  expect(() => readMlModel(text)).toThrow(/MLmodel file cannot be read/);
});
