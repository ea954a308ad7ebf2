import { fail } from "@causeway/contract";

/** What `churn@champion`, `churn@3` or `churn@latest` asks for. */
export type ModelReference =
  | { readonly model: string; readonly kind: "version"; readonly version: number }
  | { readonly model: string; readonly kind: "alias"; readonly alias: string }
  | { readonly model: string; readonly kind: "latest" };

const LATEST = "latest";

/** Reads a reference; the part after the last `@` is a number, `latest`, or an alias. */
export function parseModelReference(reference: string): ModelReference {
  const at = reference.lastIndexOf("@");
  const model = reference.slice(0, at);
  const rest = reference.slice(at + 1);
  if (at < 1 || rest === "") {
    throw fail("INVALID_FIELD", {
      message: `"${reference}" does not say which version is meant`,
      field: "serve",
      value: reference,
      help: "Write name@alias or name@version, for example churn@champion or churn@3.",
    });
  }
  if (/^[1-9]\d*$/.test(rest)) return { model, kind: "version", version: Number(rest) };
  if (rest === LATEST) return { model, kind: LATEST };
  return { model, kind: "alias", alias: rest };
}

/** Refuses alias names that a reference would read as something else. */
export function checkAliasName(alias: string): void {
  const reason =
    alias.toLowerCase() === LATEST
      ? "latest always means the newest version"
      : /^v?\d+$/i.test(alias)
        ? "a number means the version of that number"
        : undefined;
  if (reason === undefined) return;
  throw fail("INVALID_FIELD", {
    message: `The alias ${alias} cannot be assigned: ${reason}`,
    field: "alias",
    value: alias,
    help: "Choose a word such as champion or challenger.",
  });
}
