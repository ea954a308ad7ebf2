import {
  readIntegers,
  readText,
  type WireField,
  wireFields,
  writeBytes,
  writeVarint,
} from "./protobuf-wire.ts";

// Field numbers of onnx.proto3 (github.com/onnx/onnx/blob/main/onnx/onnx.proto3).
const MODEL = { graph: 7, opsetImport: 8 };
const OPSET = { domain: 1, version: 2 };
const GRAPH = { node: 1, output: 12 };
const NODE = { input: 1, output: 2, opType: 4, attribute: 5 };
const ATTRIBUTE = { name: 1, ints: 8, strings: 9 };
const VALUE_INFO = { name: 1, type: 2 };
const TYPE = { tensor: 1 };
const TENSOR_TYPE = { elementType: 1, shape: 2 };
const SHAPE_DIMENSION = 1;
const DIMENSION_SIZE = 1;
const FLOAT = 1;

/** `Identity` exists since this version of the default operator set. */
const IDENTITY_OPSET = 1;

type Node = {
  field: WireField;
  opType: string;
  inputs: string[];
  outputs: string[];
  /** Of the attribute `classlabels_…` that classifiers and ZipMap carry. */
  labels: string[] | null;
};

/** What `openZipMaps` made of a file. */
export type OpenedGraph = {
  readonly bytes: Uint8Array;
  /** Class labels in the order of the scores; null where no node carries any. */
  readonly labels: readonly string[] | null;
};

/**
 * Makes the probabilities of an exported classifier readable. A ZipMap node turns the score tensor into a list of maps,
 * which onnxruntime-node cannot hand over. Each such node becomes an `Identity` under the same output name, and the output's
 * type a float tensor of one column per class. A file without ZipMap comes back as it is.
 */
export function openZipMaps(bytes: Uint8Array): OpenedGraph {
  const top = [...wireFields(bytes)];
  const graph = top.find((field) => field.number === MODEL.graph && field.wire === 2);
  if (!graph) return { bytes, labels: null };
  const parts = [...wireFields(bytes, graph.from, graph.to)];
  const nodes = parts.filter((part) => part.number === GRAPH.node).map((part) => readNode(bytes, part));
  const zipMaps = new Map(
    nodes.filter((node) => node.opType === "ZipMap").map((node) => [node.field.start, node] as const),
  );
  const last = nodes.findLast((node) => node.labels !== null && !zipMaps.has(node.field.start));
  const labels = [...zipMaps.values()].find((node) => node.labels)?.labels ?? last?.labels ?? null;
  if (zipMaps.size === 0) return { bytes, labels };

  const widths = new Map(
    [...zipMaps.values()].map((node) => [node.outputs[0], node.labels?.length ?? 0] as const),
  );
  const rewritten = Buffer.concat(
    parts.map((part) => {
      const zipMap = zipMaps.get(part.start);
      if (zipMap) return identity(zipMap);
      const name = part.number === GRAPH.output ? outputName(bytes, part) : undefined;
      const width = name === undefined ? undefined : widths.get(name);
      if (name === undefined || width === undefined) return bytes.subarray(part.start, part.to);
      return scoreOutput(name, width);
    }),
  );
  const imports = top.filter((field) => field.number === MODEL.opsetImport);
  const hasDefaultOpset = imports.some((field) => opsetDomain(bytes, field) === "");
  const opset = hasDefaultOpset
    ? []
    : [writeBytes(MODEL.opsetImport, writeVarint(OPSET.version, IDENTITY_OPSET))];
  const around = top.map((field) =>
    field === graph ? writeBytes(MODEL.graph, rewritten) : bytes.subarray(field.start, field.to),
  );
  return { bytes: Buffer.concat([...around, ...opset]), labels };
}

function readNode(bytes: Uint8Array, field: WireField): Node {
  const node: Node = { field, opType: "", inputs: [], outputs: [], labels: null };
  for (const part of wireFields(bytes, field.from, field.to)) {
    if (part.number === NODE.input) node.inputs.push(readText(bytes, part));
    else if (part.number === NODE.output) node.outputs.push(readText(bytes, part));
    else if (part.number === NODE.opType) node.opType = readText(bytes, part);
    else if (part.number === NODE.attribute) node.labels = readLabels(bytes, part) ?? node.labels;
  }
  return node;
}

/** Labels of an attribute `classlabels_strings`, `classlabels_int64s` or `classlabels_ints`; null for any other or an empty one. */
function readLabels(bytes: Uint8Array, attribute: WireField): string[] | null {
  let name = "";
  const labels: string[] = [];
  for (const part of wireFields(bytes, attribute.from, attribute.to)) {
    if (part.number === ATTRIBUTE.name) {
      name = readText(bytes, part);
      if (!name.startsWith("classlabels_")) return null;
    } else if (part.number === ATTRIBUTE.strings) labels.push(readText(bytes, part));
    else if (part.number === ATTRIBUTE.ints) labels.push(...readIntegers(bytes, part).map(String));
  }
  return name.startsWith("classlabels_") && labels.length > 0 ? labels : null;
}

function identity(zipMap: Node): Buffer {
  return writeBytes(
    GRAPH.node,
    Buffer.concat([
      writeBytes(NODE.input, zipMap.inputs[0] ?? ""),
      writeBytes(NODE.output, zipMap.outputs[0] ?? ""),
      writeBytes(NODE.opType, "Identity"),
    ]),
  );
}

/** An output of shape [any, width], or [any, any] where the width is not known. */
function scoreOutput(name: string, width: number): Buffer {
  const rows = writeBytes(SHAPE_DIMENSION, "");
  const columns = writeBytes(SHAPE_DIMENSION, width > 0 ? writeVarint(DIMENSION_SIZE, width) : "");
  const tensor = Buffer.concat([
    writeVarint(TENSOR_TYPE.elementType, FLOAT),
    writeBytes(TENSOR_TYPE.shape, Buffer.concat([rows, columns])),
  ]);
  return writeBytes(
    GRAPH.output,
    Buffer.concat([
      writeBytes(VALUE_INFO.name, name),
      writeBytes(VALUE_INFO.type, writeBytes(TYPE.tensor, tensor)),
    ]),
  );
}

function outputName(bytes: Uint8Array, output: WireField): string | undefined {
  for (const part of wireFields(bytes, output.from, output.to)) {
    if (part.number === VALUE_INFO.name) return readText(bytes, part);
  }
  return undefined;
}

function opsetDomain(bytes: Uint8Array, opset: WireField): string {
  for (const part of wireFields(bytes, opset.from, opset.to)) {
    if (part.number === OPSET.domain) return readText(bytes, part);
  }
  return "";
}
