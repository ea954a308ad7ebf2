import { fail } from "@causeway/contract";

/** `model@alias` taken apart. */
export function aliasOf(reference: string): { model: string; alias: string } {
  const at = reference.lastIndexOf("@");
  if (at > 0) return { model: reference.slice(0, at), alias: reference.slice(at + 1) };
  throw fail("INVALID_FIELD", {
    message: `${reference} names no alias`,
    field: "model@alias",
    value: reference,
    help: `write for example: causeway registry assign ${reference}@champion 1`,
  });
}

/** `model@version` taken apart; an alias is no version here, because what is judged must stay the same. */
export function versionOf(reference: string): { model: string; version: number } {
  const at = reference.lastIndexOf("@");
  const version = Number(reference.slice(at + 1));
  if (at > 0 && Number.isInteger(version) && version > 0) return { model: reference.slice(0, at), version };
  throw fail("INVALID_FIELD", {
    message: `${reference} names no version`,
    field: "model@version",
    value: reference,
    help: "write for example churn@3; causeway registry versions <model> lists what there is",
  });
}
