import type { Signature } from "@causeway/contract";

/** The one tensor that a model takes; undefined where it takes columns, or several tensors. */
export function onlyTensor({ inputs }: Signature): Signature["inputs"][number] | undefined {
  const [only] = inputs;
  return inputs.length === 1 && only?.type === "tensor" ? only : undefined;
}

/**
 * Records for a model that takes one tensor: a list is one row per element, and so is a record whose tensor has one dimension
 * more than a row.
 */
export function tensorRecords(value: unknown, signature: Signature): unknown {
  const tensor = onlyTensor(signature);
  if (tensor === undefined) return value;
  const { name } = tensor;
  const dimensions = tensor.tensor?.shape.length ?? 0;
  if (Array.isArray(value)) return { records: value.map((row) => ({ [name]: row })) };
  if (typeof value !== "object" || value === null || !(name in value)) return value;
  const { [name]: given, ...others } = value as Record<string, unknown>; // an object, by the line above
  if (!Array.isArray(given) || depthOf(given) !== dimensions + 1) return value;
  return { ...others, records: given.map((row) => ({ [name]: row })) };
}

/** How deep lists are nested at their first elements. */
function depthOf(value: unknown): number {
  return Array.isArray(value) ? 1 + depthOf(value[0]) : 0;
}
