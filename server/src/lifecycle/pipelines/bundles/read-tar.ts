import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { fail } from "@causeway/contract";

/** A file of a bundle. */
export type BundleFile = { readonly path: string; readonly bytes: Uint8Array };

const BLOCK = 512;
/** Code and locks are small; whatever is larger is data, and belongs into a dataset. */
const LARGEST_BUNDLE = 200 * 2 ** 20;

const REGULAR = new Set(["0", "\0"]);

/** Reads a gzipped tar of plain files; refuses links, devices and paths that lead out of the bundle. */
export async function readTar(packed: Uint8Array): Promise<BundleFile[]> {
  const bytes = await unpack(packed);
  const files: BundleFile[] = [];
  for (let at = 0; at + BLOCK <= bytes.length; ) {
    const header = bytes.subarray(at, at + BLOCK);
    if (header.every((byte) => byte === 0)) break;
    const prefix = textOf(header, 345, 155);
    const path = prefix === "" ? textOf(header, 0, 100) : `${prefix}/${textOf(header, 0, 100)}`;
    const length = Number.parseInt(textOf(header, 124, 12).trim() || "0", 8);
    const type = String.fromCharCode(header[156] ?? 0);
    if (!Number.isSafeInteger(length) || length < 0 || at + BLOCK + length > bytes.length) throw torn();
    if (type !== "5") {
      checkEntry(path, type);
      files.push({ path, bytes: bytes.subarray(at + BLOCK, at + BLOCK + length) });
    }
    at += BLOCK + Math.ceil(length / BLOCK) * BLOCK;
  }
  if (files.length === 0) throw torn();
  return files;
}

async function unpack(packed: Uint8Array): Promise<Buffer> {
  try {
    return await promisify(gunzip)(packed, { maxOutputLength: LARGEST_BUNDLE });
  } catch (cause) {
    throw fail("BAD_PIPELINE", {
      message: "The bundle is not a gzipped tar, or unpacks to more than 200 MiB",
      field: "bundle",
      help: "Deploy with the command line, which packs the bundle: npx --no causeway pipelines deploy <file>",
      cause,
    });
  }
}

function checkEntry(path: string, type: string): void {
  const parts = path.split("/");
  if (
    REGULAR.has(type) &&
    path !== "" &&
    !parts.includes("..") &&
    !parts.includes("") &&
    !path.includes("\\")
  )
    return;
  throw fail("BAD_PIPELINE", {
    message: `The bundle has an entry that is not a plain file below its root: ${path}`,
    field: "bundle",
    value: path,
    help: "Deploy with the command line, which packs the bundle: npx --no causeway pipelines deploy <file>",
  });
}

function textOf(block: Uint8Array, from: number, length: number): string {
  const field = block.subarray(from, from + length);
  const end = field.indexOf(0);
  return Buffer.from(end === -1 ? field : field.subarray(0, end)).toString("utf8");
}

function torn(): Error {
  return fail("BAD_PIPELINE", {
    message: "The bundle is torn: its tar ends in the middle",
    field: "bundle",
    help: "Upload it again.",
  });
}
