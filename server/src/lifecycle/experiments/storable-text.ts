import { fail } from "@causeway/contract";

/** Refuses text with the character U+0000, which the database cannot hold; `field` names where it stood. */
export function refuseNul(field: string, text: string): void {
  if (!text.includes("\u0000")) return;
  throw fail("INVALID_FIELD", {
    message: `${field} holds the character U+0000`,
    field,
    value: text.replaceAll("\u0000", "\\u0000"),
    help: "Leave the character out: text cannot hold it.",
  });
}

/** Refuses it in names and values of texts. */
export function refuseNulTexts(field: string, texts: Iterable<readonly [name: string, value: string]>): void {
  for (const [name, value] of texts) {
    refuseNul(field, name);
    refuseNul(`${field}.${name}`, value);
  }
}

/** Refuses an integer that a number cannot hold exactly. */
export function refuseInexact(field: string, value: number): void {
  if (Number.isSafeInteger(value)) return;
  throw fail("INVALID_FIELD", {
    message: `${field} is ${value}, which is not an integer within 2^53`,
    field,
    value,
    help: "Give an integer between -9007199254740991 and 9007199254740991.",
  });
}

/** The most milliseconds that a date can be away from 1970. */
const FARTHEST_MS = 8.64e15;

/** Refuses milliseconds since 1970 that no date has. */
export function refuseNoTime(field: string, ms: number): void {
  if (Number.isSafeInteger(ms) && Math.abs(ms) <= FARTHEST_MS) return;
  throw fail("INVALID_FIELD", {
    message: `${field} is ${ms}, which is no time in milliseconds since 1970`,
    field,
    value: ms,
    help: "Give whole milliseconds since 1970.",
  });
}
