import { fail, type Scope } from "@causeway/contract";
import { modelPath } from "./registry-paths.ts";

/** The refusal of a model that nobody registered. */
export function noModel(model: string): Error {
  return fail("NOT_FOUND", {
    message: `There is no model ${model}`,
    field: "model",
    value: model,
    help: "npx --no causeway registry list shows what there is.",
  });
}

/** The refusal of a version that a model does not have. */
export function noVersion({ model, version }: { model: string; version: number }): Error {
  return fail("NOT_FOUND", {
    message: `The model ${model} has no version ${version}`,
    field: "version",
    value: version,
    help: `npx --no causeway registry versions ${model} lists what there is.`,
  });
}

/** The refusal of an alias that a model does not have in an environment. */
export function noAlias({ model, alias }: { model: string; alias: string }, { environment }: Scope): Error {
  return fail("NOT_FOUND", {
    message: `The model ${model} has no alias ${alias} in ${environment}`,
    field: "alias",
    value: alias,
    help: `npx --no causeway registry assign ${model}@${alias} <version> makes it; ${modelPath(model)} shows those of every environment.`,
  });
}
