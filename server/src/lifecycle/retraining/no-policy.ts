import { fail, type Scope } from "@causeway/contract";

/** The refusal of a name that no policy has. */
export function noPolicy(name: string, { scope }: { readonly scope: Scope }): Error {
  return fail("NOT_FOUND", {
    message: `There is no policy ${name} in ${scope.environment}`,
    field: "policy",
    value: name,
    help: "npx --no causeway retraining list shows what there is.",
  });
}
