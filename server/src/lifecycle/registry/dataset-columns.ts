import type { Column, Signature } from "@causeway/contract";
import type { ModelColumn } from "./signature-inputs.ts";

/** The table that a model is given rows of. */
export type GivenTable = {
  readonly schema: readonly Column[];
  /** Columns that are no inputs: the target, the key. */
  readonly beside: readonly (string | null)[];
};

/**
 * The inputs of a signature that a table has, each with its column. Those of a tensor without a name have places for names: a
 * table that calls none of its columns so, and has as many beside target and key, is read by place, as MLflow reads it.
 */
export function presentInputs({ inputs }: Pick<Signature, "inputs">, table: GivenTable): ModelColumn[] {
  const { schema, beside } = table;
  const names = new Set(schema.map(({ name }) => name));
  const placed = inputs.filter(({ element }) => element?.tensor === null);
  const others = new Set(inputs.filter(({ element }) => element?.tensor !== null).map(({ name }) => name));
  const free = schema.filter(({ name }) => !beside.includes(name) && !others.has(name));
  const isByPlace =
    placed.length > 0 && placed.length === free.length && !placed.some(({ name }) => names.has(name));
  const from = new Map(isByPlace ? placed.map(({ name }, at) => [name, free[at]?.name ?? name]) : []);
  return inputs.flatMap(({ name, type }) => {
    const column = from.get(name);
    if (column !== undefined) return { name, type, from: column };
    return names.has(name) ? { name, type } : [];
  });
}
