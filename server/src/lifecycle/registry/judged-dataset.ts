import { type Column, fail, type ModelVersion } from "@causeway/contract";

/** A dataset version that versions are judged on. */
export type JudgedDataset = {
  readonly name: string;
  readonly id: string;
  readonly schema: readonly Column[];
  readonly key: string | null;
};

/** A model that has seen the rows would be judged by its memory. `field` is where the rows were named. */
export function refuseSeen(
  version: Pick<ModelVersion, "model" | "version" | "record">,
  dataset: JudgedDataset,
  field: string,
): void {
  if (!version.record.data.some(({ digest }) => digest === dataset.id)) return;
  throw fail("CONFLICT", {
    message: `Version ${version.version} of ${version.model} was trained on ${titleOf(dataset)}`,
    field,
    value: titleOf(dataset),
    help: "Judge it on rows that were not trained on: hold some out when you split the data.",
  });
}

/** The refusal of rows that lack a column; `why` says what it is for. */
export function noColumn(dataset: JudgedDataset, column: string, why: string): Error {
  return fail("BAD_DATA", {
    message: `${titleOf(dataset)} has no column ${column}, ${why}`,
    field: column,
    value: column,
    help: `Choose rows that have it: npx --no causeway data versions ${dataset.name} shows the columns of each version.`,
  });
}

/** The dataset version as people name it. */
export function titleOf({ name, id }: JudgedDataset): string {
  return `${name}@${id.slice(0, 6)}`;
}
