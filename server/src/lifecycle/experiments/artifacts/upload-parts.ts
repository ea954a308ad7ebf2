import { fail } from "@causeway/contract";
import type { StoredPart } from "./upload-store.ts";

/** A part as the sender names it at the end; an empty etag is not compared. */
export type NamedPart = { readonly number: number; readonly etag: string };

/** The parts in their order, each there and as it was sent; refuses an upload with a hole or a part that changed. */
export function orderParts(
  stored: readonly StoredPart[],
  named: readonly NamedPart[],
  expected: number,
): StoredPart[] {
  const byNumber = new Map(stored.map((part) => [part.number, part]));
  const given = new Map(named.map((part) => [part.number, part]));
  return Array.from({ length: expected }, (_, index) => {
    const number = index + 1;
    const part = byNumber.get(number);
    const one = given.get(number);
    if (part === undefined) throw refuse(number, "it has not come");
    if (one === undefined) throw refuse(number, "it is not among those that were named");
    const etag = one.etag.replace(/^W\//, "").replaceAll('"', "");
    if (etag !== "" && etag !== part.digest) throw refuse(number, `it is ${part.digest}, not ${etag}`);
    return part;
  });
}

function refuse(number: number, reason: string) {
  return fail("INVALID_FIELD", {
    message: `Part ${number} does not fit: ${reason}`,
    field: "parts",
    value: number,
    help: "Send the part again, then complete the upload, or abort it.",
  });
}
