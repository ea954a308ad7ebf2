import type { CausewayError } from "@causeway/contract";
import { notACursor } from "../../../platform/paging/index.ts";

/** What a row is sorted by, as a token carries it: infinities as text. */
export type SortValue = string | number;

/** A token that says behind which row a page goes on. `request` is what was asked: a token fits no other request. */
export function writePageToken(request: string, values: readonly SortValue[]): string {
  return Buffer.from(JSON.stringify([fingerprint(request), ...values])).toString("base64url");
}

/** Reads `writePageToken` back; undefined for the first page. */
export function readPageToken(
  after: string | undefined,
  request: string,
  count: number,
): readonly SortValue[] | undefined {
  if (after === undefined || after === "") return undefined;
  const [print, ...values] = parse(after);
  const isOurs = values.every((value) => typeof value === "string" || Number.isFinite(value));
  if (!isOurs || values.length !== count || print !== fingerprint(request)) throw wrong(after);
  return values as SortValue[]; // each is looked at above
}

function parse(after: string): unknown[] {
  try {
    const read: unknown = JSON.parse(Buffer.from(after, "base64url").toString());
    if (Array.isArray(read)) return read;
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
  }
  throw wrong(after);
}

function wrong(after: string): CausewayError {
  return notACursor(after);
}

/** FNV-1a over the text: it tells requests apart by chance, it guards nothing. */
function fingerprint(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193) >>> 0;
  }
  return hash;
}
