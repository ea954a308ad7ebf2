import { type Environment, fail } from "@causeway/contract";

type Thing = { readonly model: string; readonly version?: number };

/** The refusal of a name that another model has. */
export function isTaken(name: string): Error {
  return fail("ALREADY_EXISTS", {
    message: `There is a model ${name} already`,
    field: "name",
    value: name,
    help: "Choose another name; npx --no causeway registry list shows those in use.",
  });
}

/** The refusal to take away or rename what a later stage lives from. */
export function isInUse(thing: Thing, use: { readonly title: string; readonly help: string }): Error {
  return fail("CONFLICT", {
    message: `${nameOf(thing)} is in use by ${use.title}`,
    field: "model",
    value: thing.model,
    help: use.help,
  });
}

/** The refusal to take a version away from under an alias that only a person moves. */
export function isProtected(thing: Thing, held: { alias: string; environment: Environment }): Error {
  const { alias, environment } = held;
  return fail("APPROVAL_NEEDED", {
    message: `${nameOf(thing)} stands under ${thing.model}@${alias} in ${environment}, which moves only by a person's approval`,
    field: "version",
    value: thing.version,
    help: `Move the alias first: npx --no causeway registry request ${thing.model}@${alias} <version> --env ${environment}`,
  });
}

/** The refusal to change what people are being asked about. */
export function isUndecided(thing: Thing, approval: string): Error {
  return fail("CONFLICT", {
    message: `${nameOf(thing)} waits for a person's decision`,
    field: "model",
    value: thing.model,
    help: `Decide first: npx --no causeway registry reject ${approval} --reason "…"`,
  });
}

function nameOf({ model, version }: Thing): string {
  return version === undefined ? `The model ${model}` : `Version ${version} of ${model}`;
}
