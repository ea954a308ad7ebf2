import { fail } from "@causeway/contract";

/** What a param of a run holds. */
export type ParamText = { readonly run: number; readonly name: string; readonly value: string };

/** The refusal of another value for a param that has one. */
export function paramClash({ name, kept, given }: { name: string; kept: string; given: string }) {
  return fail("INVALID_FIELD", {
    message: `the param ${name} is ${kept} already and cannot become ${given}: a param keeps its first value`,
    field: `params.${name}`,
    value: given,
    help: "Log the new value under another name, as a tag, or in another run.",
  });
}
