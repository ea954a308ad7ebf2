import { isUtf8 } from "node:buffer";
import type { IncomingMessage } from "node:http";
import { fail } from "@causeway/contract";

export const MOST_BODY_BYTES = 16 << 20;

/** A parsed body. `exact` says that it holds integers beyond 2^53, given as `bigint`. */
export type ParsedBody = { readonly value: unknown; readonly exact: boolean };

/** A double holds every integer of up to 15 digits. Digits behind a point are no integer, however many a float has. */
const LONG_INTEGER = /(?<![.\d])\d{16,}(?![.\deE])/;

/** Reads a request's JSON. */
export async function readJson(request: IncomingMessage): Promise<ParsedBody> {
  return parseJson(await readText(request));
}

/** Reads JSON as Python writes it: NaN is null, and the infinities are their names. */
export async function readLenientJson(request: IncomingMessage): Promise<ParsedBody> {
  const text = await readText(request);
  try {
    return parseJson(text);
  } catch (error) {
    const plain = text.replace(PYTHON_NUMBER, (found) =>
      found.startsWith('"') ? found : found === "NaN" ? "null" : `"${found}"`,
    );
    if (plain === text) throw error;
    return parseJson(plain);
  }
}

/** Texts come first, so that a word within them stays as it is. */
const PYTHON_NUMBER = /"(?:[^"\\]|\\.)*"|\bNaN\b|-?\bInfinity\b/g;

/** Reads a request's text. */
export async function readText(request: IncomingMessage): Promise<string> {
  const bytes = await readBytes(request);
  if (isUtf8(bytes)) return bytes.toString("utf8");
  throw fail("BAD_REQUEST", {
    message: "the body is not UTF-8",
    field: "body",
    help: "send JSON in UTF-8",
  });
}

function parseJson(text: string): ParsedBody {
  const exact = LONG_INTEGER.test(text);
  try {
    return { value: exact ? JSON.parse(text, exactInteger) : JSON.parse(text), exact };
  } catch (cause) {
    throw fail("BAD_REQUEST", {
      message: `the body is not JSON: ${cause instanceof Error ? cause.message : String(cause)}`,
      field: "body",
      help: 'send a record, for example {"tenure": 3}',
      cause,
    });
  }
}

function exactInteger(_key: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value !== "number" || Number.isSafeInteger(value)) return value;
  const source = context?.source ?? "";
  return /^-?\d+$/.test(source) ? BigInt(source) : value;
}

function readBytes(request: IncomingMessage): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const chunks: Buffer[] = [];
  let size = 0;
  request.on("data", (chunk: Buffer) => {
    size += chunk.length;
    if (size > MOST_BODY_BYTES) {
      request.pause();
      reject(
        fail("PAYLOAD_TOO_LARGE", {
          message: `the body is larger than ${MOST_BODY_BYTES} bytes`,
          field: "body",
          help: "send the records in several requests",
        }),
      );
    } else chunks.push(chunk);
  });
  request.on("end", () => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)));
  request.on("error", reject);
  request.on("close", () => {
    // Every request closes; only for one that was cut off is an error worth its stack trace.
    if (!request.complete) reject(new Error("the caller went away"));
  });
  return promise;
}
