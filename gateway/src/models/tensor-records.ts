import type { Signature } from "@causeway/contract";
import {
  type ColumnTensor,
  columnTensors,
  onlyColumnTensor,
  spreadRecord,
  spreadRow,
} from "./tensor-columns.ts";

/** The one tensor that a model takes in one piece; undefined where it takes columns, or several tensors. */
export function onlyTensor({ inputs }: Signature): Signature["inputs"][number] | undefined {
  const [only] = inputs;
  return inputs.length === 1 && only?.type === "tensor" ? only : undefined;
}

/**
 * Records for a model that takes tensors. Where it takes one, a list is one row per element, and so is a record whose tensor
 * has one dimension more than a row; tensors that are served as columns may be sent in one piece in any record.
 */
export function tensorRecords(value: unknown, signature: Signature): unknown {
  const whole = onlyTensor(signature);
  if (whole !== undefined) {
    const { name, tensor } = whole;
    return listedRecords(value, {
      name,
      dimensions: tensor?.shape.length ?? 0,
      row: (row) => ({ [name]: row }),
    });
  }
  const tensors = columnTensors(signature);
  if (tensors.length === 0) return value;
  const only = onlyColumnTensor(signature);
  const spread = (one: unknown) => spreadOne(one, tensors, only);
  const listed =
    only === undefined
      ? value
      : listedRecords(value, { name: only.name, dimensions: only.shape.length, row: spread });
  if (!isRecord(listed)) return listed;
  const isNamedSo = signature.inputs.some(({ name }) => name === "records");
  if (isNamedSo || !Array.isArray(listed["records"])) return spreadRecord(listed, tensors);
  return { ...listed, records: listed["records"].map(spread) };
}

type Listed = {
  readonly name: string;
  /** Of one row. */
  readonly dimensions: number;
  readonly row: (row: unknown) => unknown;
};

/** Rows of a model's only tensor, sent as a list or under its name, as records. */
function listedRecords(value: unknown, { name, dimensions, row }: Listed): unknown {
  if (Array.isArray(value)) return { records: value.map(row) };
  if (!isRecord(value) || !(name in value)) return value;
  const { [name]: given, ...others } = value;
  if (!Array.isArray(given) || depthOf(given) !== dimensions + 1) return value;
  return { ...others, records: given.map(row) };
}

/** A record of columns, or a row of the only tensor. */
function spreadOne(one: unknown, tensors: readonly ColumnTensor[], only: ColumnTensor | undefined): unknown {
  if (isRecord(one)) return spreadRecord(one, tensors);
  return only === undefined ? one : spreadRow(one, only);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** How deep lists are nested at their first elements. */
function depthOf(value: unknown): number {
  return Array.isArray(value) ? 1 + depthOf(value[0]) : 0;
}
