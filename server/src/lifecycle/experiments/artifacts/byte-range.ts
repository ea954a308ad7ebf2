/** A range of a file that was asked for: all of it, a part (`end` inclusive), or one that it does not have. */
export type ByteRange = { readonly start: number; readonly end: number } | "all" | "none";

/** Reads a Range header for a file of `bytes`. Several ranges at once, and units other than bytes, get the whole file. */
export function parseByteRange(header: string | undefined, bytes: number): ByteRange {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? "") ?? [];
  if (first === undefined || last === undefined || (first === "" && last === "")) return "all";
  if (first === "") {
    const length = Math.min(Number(last), bytes);
    return length === 0 ? "none" : { start: bytes - length, end: bytes - 1 };
  }
  const start = Number(first);
  const end = last === "" ? bytes - 1 : Math.min(Number(last), bytes - 1);
  if (last !== "" && Number(last) < start) return "all";
  return start >= bytes ? "none" : { start, end };
}
