import { writeBytes, writeVarint } from "../src/runtimes/protobuf-wire.ts";

// Writes tiny ONNX models for tests. Numbers of fields and types are those of onnx.proto3.
const ELEMENT = { float: 1, int32: 6, int64: 7, string: 8, bool: 9, float16: 10, double: 11 };
const ATTRIBUTE_TYPE = { float: 1, string: 3, floats: 6, ints: 7, strings: 8 };

type Shape = readonly (number | null)[];
type Port = { name: string; element: keyof typeof ELEMENT; shape: Shape };
type Attribute = number | string | readonly number[] | readonly bigint[] | readonly string[];
type Node = {
  op: string;
  inputs: string[];
  outputs: string[];
  domain?: string;
  attributes?: Record<string, Attribute>;
};

/** The bytes of a model. `rawOutputs` are outputs whose type is written as a list of maps, as ZipMap gives. */
export function onnxModel(graph: {
  nodes: Node[];
  inputs: Port[];
  outputs: Port[];
  rawOutputs?: string[];
  defaultOpset?: boolean;
}): Buffer {
  const body = Buffer.concat([
    ...graph.nodes.map((node) => writeBytes(1, nodeBytes(node))),
    writeBytes(2, "tests"),
    ...graph.inputs.map((port) => writeBytes(11, portBytes(port))),
    ...graph.outputs.map((port) => writeBytes(12, portBytes(port))),
    ...(graph.rawOutputs ?? []).map((name) => writeBytes(12, mapsBytes(name))),
  ]);
  return Buffer.concat([
    writeVarint(1, 8),
    writeBytes(7, body),
    ...(graph.defaultOpset === false ? [] : [writeBytes(8, writeVarint(2, 13))]),
    writeBytes(8, Buffer.concat([writeBytes(1, "ai.onnx.ml"), writeVarint(2, 1)])),
  ]);
}

/** sum = a + b, one input per column. */
export function sumModel(element: "float" | "double" = "float"): Buffer {
  const port = (name: string): Port => ({ name, element, shape: [null, 1] });
  return onnxModel({
    nodes: [{ op: "Add", inputs: ["a", "b"], outputs: ["sum"] }],
    inputs: [port("a"), port("b")],
    outputs: [port("sum")],
  });
}

type ClassifierOptions = {
  labels?: readonly string[] | readonly bigint[];
  batch?: number | null;
  zipMap?: boolean;
  defaultOpset?: boolean;
  weight?: number;
};

/** A logistic regression on one matrix `x` of two columns with the score of class 1 = sigmoid(weight * x0). */
export function classifierModel(options: ClassifierOptions = {}): Buffer {
  const { labels = ["No", "Yes"], batch = null, zipMap = true, defaultOpset = true, weight = 1 } = options;
  const text = typeof labels[0] === "string";
  const scores = zipMap ? "raw_scores" : "probabilities";
  return onnxModel({
    defaultOpset,
    nodes: [
      {
        op: "LinearClassifier",
        domain: "ai.onnx.ml",
        inputs: ["x"],
        outputs: ["label", scores],
        attributes: {
          [text ? "classlabels_strings" : "classlabels_ints"]: labels,
          coefficients: [-weight, 0, weight, 0],
          intercepts: [0, 0],
          post_transform: "LOGISTIC",
        },
      },
      ...(zipMap
        ? [
            {
              op: "ZipMap",
              domain: "ai.onnx.ml",
              inputs: [scores],
              outputs: ["probabilities"],
              attributes: { [text ? "classlabels_strings" : "classlabels_int64s"]: labels },
            },
          ]
        : []),
    ],
    inputs: [{ name: "x", element: "float", shape: [batch, 2] }],
    outputs: [
      { name: "label", element: text ? "string" : "int64", shape: [batch] },
      ...(zipMap
        ? []
        : [{ name: "probabilities", element: "float" as const, shape: [batch, labels.length] }]),
    ],
    rawOutputs: zipMap ? ["probabilities"] : [],
  });
}

/** Hands one column of any type through. */
export function echoModel(element: Port["element"], shape: Shape = [null, 1]): Buffer {
  return onnxModel({
    nodes: [{ op: "Identity", inputs: ["v"], outputs: ["out"] }],
    inputs: [{ name: "v", element, shape }],
    outputs: [{ name: "out", element, shape }],
  });
}

/** A model that multiplies `size` x `size` matrices `times` times per row, to take its time. */
export function slowModel(size: number, times: number): Buffer {
  const nodes: Node[] = [
    { op: "Expand", inputs: ["v", "shape"], outputs: ["m0"] },
    ...Array.from({ length: times }, (_, index) => ({
      op: "MatMul",
      inputs: [`m${index}`, "m0"],
      outputs: [`m${index + 1}`],
    })),
    { op: "ReduceMean", inputs: [`m${times}`], outputs: ["mean"], attributes: { axes: [1n, 2n] } },
    { op: "Unsqueeze", inputs: ["mean", "one"], outputs: ["out"] },
  ];
  const constant = (name: string, values: bigint[]): Node => ({
    op: "Constant",
    inputs: [],
    outputs: [name],
    attributes: { value_ints: values },
  });
  return onnxModel({
    nodes: [
      constant("shape", [1n, BigInt(size), BigInt(size)]),
      constant("one", [1n]),
      constant("two", [2n]),
      { op: "Unsqueeze", inputs: ["value", "two"], outputs: ["v"] },
      ...nodes.map((node) =>
        node.op === "Unsqueeze" ? { op: "Identity", inputs: ["mean"], outputs: ["out"] } : node,
      ),
    ],
    inputs: [{ name: "value", element: "float", shape: [null, 1] }],
    outputs: [{ name: "out", element: "float", shape: [null, 1, 1] }],
  });
}

function nodeBytes(node: Node): Buffer {
  return Buffer.concat([
    ...node.inputs.map((name) => writeBytes(1, name)),
    ...node.outputs.map((name) => writeBytes(2, name)),
    writeBytes(4, node.op),
    ...Object.entries(node.attributes ?? {}).map(([name, value]) =>
      writeBytes(5, attributeBytes(name, value)),
    ),
    ...(node.domain ? [writeBytes(7, node.domain)] : []),
  ]);
}

function attributeBytes(name: string, value: Attribute): Buffer {
  const head = writeBytes(1, name);
  const kind = (type: keyof typeof ATTRIBUTE_TYPE) => writeVarint(20, ATTRIBUTE_TYPE[type]);
  if (typeof value === "string") return Buffer.concat([head, writeBytes(4, value), kind("string")]);
  if (typeof value === "number") return Buffer.concat([head, tagged(2, float(value)), kind("float")]);
  if (typeof value[0] === "string") {
    return Buffer.concat([head, ...value.map((text) => writeBytes(9, String(text))), kind("strings")]);
  }
  if (typeof value[0] === "bigint") {
    return Buffer.concat([head, ...value.map((whole) => writeVarint(8, Number(whole))), kind("ints")]);
  }
  return Buffer.concat([head, ...value.map((real) => tagged(7, float(Number(real)))), kind("floats")]);
}

function float(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return bytes;
}

function tagged(number: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from([(number << 3) | 5]), content]);
}

function portBytes({ name, element, shape }: Port): Buffer {
  const dimensions = shape.map((size) =>
    writeBytes(1, size === null ? writeBytes(2, "N") : writeVarint(1, size)),
  );
  const tensor = Buffer.concat([writeVarint(1, ELEMENT[element]), writeBytes(2, Buffer.concat(dimensions))]);
  return Buffer.concat([writeBytes(1, name), writeBytes(2, writeBytes(1, tensor))]);
}

function mapsBytes(name: string): Buffer {
  const floats = writeBytes(1, writeVarint(1, ELEMENT.float));
  const map = writeBytes(5, Buffer.concat([writeVarint(1, ELEMENT.int64), writeBytes(2, floats)]));
  return Buffer.concat([writeBytes(1, name), writeBytes(2, writeBytes(4, writeBytes(1, map)))]);
}
