import { fail } from "@causeway/contract";

/** Longest path in bytes: it is a key of the database together with its owner. */
const LONGEST_BYTES = 2_000;
/** A path that is still encoded after this many decodings is somebody's trick. */
const MOST_DECODINGS = 10;

/** Line breaks, NUL and the like, which no path needs. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const CONTROL = /[\u0000-\u001f\u007f]/;

/**
 * The path as it is stored: relative, forward slashes, no empty or dot segments; the empty path is the root. Whatever could
 * lead out of its owner, in clear or encoded any number of times, is refused.
 */
export function normalArtifactPath(given: string): string {
  for (const form of decodings(given)) {
    const reason = whyUnsafe(form);
    if (reason !== undefined) throw unsafe(given, reason);
  }
  const path = given
    .split("/")
    .filter((segment) => segment !== "" && segment !== ".")
    .join("/");
  if (Buffer.byteLength(path) > LONGEST_BYTES)
    throw unsafe(given, `it is longer than ${LONGEST_BYTES} bytes`);
  return path;
}

/** The path of a file: not the root. */
export function artifactFilePath(given: string): string {
  const path = normalArtifactPath(given);
  if (path === "" || given.endsWith("/")) throw unsafe(given, "it names no file");
  return path;
}

/** The folders above a path, outermost first. */
export function foldersAbove(path: string): string[] {
  const segments = path.split("/");
  return segments.slice(1).map((_, index) => segments.slice(0, index + 1).join("/"));
}

/** True when both cannot be files at once: the one is a folder of the other. */
export function areInEachOther(one: string, other: string): boolean {
  return one.startsWith(`${other}/`) || other.startsWith(`${one}/`);
}

/** The last segment. */
export function nameOfPath(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

function decodings(given: string): string[] {
  const forms = [given];
  for (let form = given; forms.length <= MOST_DECODINGS; forms.push(form)) {
    const next = decodeLoosely(form);
    if (next === form) return forms;
    form = next;
  }
  throw unsafe(given, "it is encoded too many times");
}

/** Decodes what can be decoded: what is no UTF-8 stays as it is. */
function decodeLoosely(text: string): string {
  return text.replaceAll(/(?:%[0-9a-f]{2})+/gi, (encoded) => {
    try {
      return decodeURIComponent(encoded);
    } catch {
      return encoded;
    }
  });
}

function whyUnsafe(path: string): string | undefined {
  if (path.startsWith("/") || /^[a-z]:/i.test(path) || /^file:/i.test(path)) return "it is absolute";
  if (path.includes("\\")) return "it has a backslash";
  if (CONTROL.test(path)) return "it has a control character";
  if (path.split("/").includes("..")) return "it leads upwards";
  return undefined;
}

function unsafe(given: string, reason: string) {
  return fail("INVALID_FIELD", {
    message: `Invalid path: ${reason}`,
    field: "path",
    value: given.slice(0, 200),
    help: "Give a relative path with forward slashes that stays where it is.",
  });
}
