import { open, readdir, stat } from "node:fs/promises";
import { join, relative } from "node:path";
import { gunzipSync, inflateSync } from "node:zlib";
import type { ScanFinding } from "@causeway/contract";
import { judgeImport, judgeModule } from "./import-rules.ts";
import { looksLikePickle, walkPickle } from "./pickle-walk.ts";
import { looksLikeZip, readZip } from "./zip-reader.ts";

/** Larger files and members of archives are not looked into, which is told. */
const MOST_BYTES = 1 << 30;
/** Of one member of an archive, and of all of an archive's together. */
const MOST_MEMBER_BYTES = 256 << 20;
const MOST_ARCHIVE_BYTES = 2 ** 31;
const MOST_MEMBERS = 20_000;
const DEEPEST_ARCHIVE = 3;
const MOST_FINDINGS = 200;

const PICKLE_NAME = /\.(pkl|pickle|joblib|dill|p|pt|pth|ckpt|bin|npy)(\.(gz|z))?$/i;
const OPAQUE_NAME = /\.(tar|tgz|tar\.gz|tar\.bz2|bz2|xz|lzma|7z|rar|zst|lz4)$/i;

type Report = (finding: ScanFinding) => void;
type Looking = { readonly path: string; readonly depth: number; readonly report: Report };

/** Looks into every file of a model's folder for what loading it would run. Nothing is loaded. */
export async function scanModelFolder(folder: string): Promise<ScanFinding[]> {
  const findings = new Map<string, ScanFinding>();
  const report: Report = (finding) => {
    if (findings.size < MOST_FINDINGS) findings.set(`${finding.path} ${finding.text}`, finding);
  };
  const scripts: string[] = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    const path = relative(folder, file);
    if (path.endsWith(".py")) scripts.push(path);
    await lookIntoFile(file, { path, depth: 0, report });
  }
  if (scripts.length > 0) {
    const text = `${scripts.length} files of Python come with it, which run when it is loaded: ${scripts.slice(0, 5).join(", ")}`;
    report({ path: scripts[0] ?? "", rule: "own-code", severity: "note", text });
  }
  return [...findings.values()].sort((a, b) => RANK[b.severity] - RANK[a.severity]);
}

const RANK: Readonly<Record<ScanFinding["severity"], number>> = { note: 0, warning: 1, danger: 2 };

async function lookIntoFile(file: string, looking: Looking): Promise<void> {
  const { path, report } = looking;
  if (OPAQUE_NAME.test(path)) {
    tellOpaque(looking);
    return;
  }
  const { size } = await stat(file);
  if (size > MOST_BYTES) {
    report({
      path,
      rule: "size",
      severity: "warning",
      text: `${Math.round(size / 2 ** 20)} MiB were not looked into`,
    });
    return;
  }
  const handle = await open(file);
  try {
    lookIntoBytes(await handle.readFile(), looking);
  } finally {
    await handle.close();
  }
}

function lookIntoBytes(bytes: Uint8Array, looking: Looking): void {
  const { path } = looking;
  const unpacked = looksLikeZip(bytes) ? bytes : unpack(bytes, path);
  const array = objectArrayAt(bytes);
  const isPickle = looksLikePickle(bytes) || (PICKLE_NAME.test(path) && beginsAsOldPickle(bytes));
  if (looksLikeZip(bytes)) lookIntoZip(bytes, looking);
  else if (unpacked === null) tellOpaque(looking);
  else if (unpacked !== bytes) lookIntoBytes(unpacked, looking);
  else if (array !== null) lookIntoPickle(bytes.subarray(array), looking);
  else if (isPickle) lookIntoPickle(bytes, looking);
  else lookIntoText(bytes, looking);
}

/** Formats that are no pickles, and say in words what they run. */
function lookIntoText(bytes: Uint8Array, looking: Looking): void {
  const { path, report } = looking;
  if (/(^|\/)(schema|config)\.json$/.test(path)) lookIntoSchema(bytes, looking);
  if (isHdf5(bytes) && contains(bytes, '"class_name": "Lambda"'))
    report({ path, rule: "keras-lambda", severity: "warning", text: LAMBDA });
  if (/saved_model\.pb$/.test(path)) {
    for (const operation of ["PyFunc", "EagerPyFunc", "ReadFile", "WriteFile"])
      if (contains(bytes, operation))
        report({
          path,
          rule: "tensorflow-operation",
          severity: "warning",
          text: `its graph may hold ${operation}`,
        });
  }
}

const LAMBDA = "a Lambda layer carries Python code of its author, which runs when it is loaded";

function lookIntoPickle(bytes: Uint8Array, { path, report }: Looking): void {
  const { imports, modules, hidden, problem } = walkPickle(bytes);
  for (const found of imports) {
    const judged = judgeImport(found);
    if (judged !== null) report({ path, rule: "pickle-import", ...judged });
  }
  for (const module of modules) {
    const judged = judgeModule(module);
    if (judged !== null) report({ path, rule: "pickle-module", ...judged });
  }
  if (hidden)
    report({
      path,
      rule: "pickle-hidden",
      severity: "danger",
      text: "it imports by a name that is made up while loading",
    });
  if (problem !== null)
    report({
      path,
      rule: "pickle-unreadable",
      severity: "warning",
      text: `not all of the pickle could be read: ${problem}`,
    });
}

function lookIntoZip(bytes: Uint8Array, looking: Looking): void {
  const { path, depth, report } = looking;
  if (depth >= DEEPEST_ARCHIVE) {
    report({
      path,
      rule: "archive",
      severity: "warning",
      text: "archives within archives were not looked into",
    });
    return;
  }
  try {
    const members = readZip(bytes, MOST_MEMBER_BYTES);
    const total = members.reduce((sum, { size }) => sum + size, 0);
    if (members.length > MOST_MEMBERS || total > MOST_ARCHIVE_BYTES) {
      const text = `${members.length} members of ${Math.round(total / 2 ** 20)} MiB were not looked into`;
      report({ path, rule: "archive", severity: "warning", text });
      return;
    }
    for (const member of members) {
      if (member.name.endsWith("/")) continue;
      const inner = { path: `${path}/${member.name}`, depth: depth + 1, report };
      const content = member.bytes();
      if (content === null) tellOpaque(inner);
      else lookIntoBytes(content, inner);
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    report({
      path,
      rule: "archive",
      severity: "warning",
      text: `the archive cannot be read: ${error.message}`,
    });
  }
}

/** The record of a skops file names the types that it builds; that of Keras its layers. */
function lookIntoSchema(bytes: Uint8Array, { path, report }: Looking): void {
  let document: unknown;
  try {
    document = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return;
  }
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) {
      for (const inner of value) visit(inner);
      return;
    }
    if (typeof value !== "object" || value === null) return;
    const node = value as Record<string, unknown>; // an object that is no array, by the lines above
    const { __module__: module, __class__: name, class_name: layer } = node;
    if (typeof module === "string" && typeof name === "string") {
      const judged = judgeImport({ module, name });
      if (judged !== null) report({ path, rule: "skops-type", ...judged });
    }
    if (layer === "Lambda") report({ path, rule: "keras-lambda", severity: "warning", text: LAMBDA });
    for (const inner of Object.values(node)) visit(inner);
  };
  visit(document);
}

function tellOpaque({ path, report }: Looking): void {
  report({
    path,
    rule: "archive",
    severity: "warning",
    text: "it is packed in a way that was not looked into",
  });
}

/** Bytes without gzip's or zlib's packing; null where they are larger than what is looked at. */
function unpack(bytes: Uint8Array, path: string): Uint8Array | null {
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  const isZlib =
    PICKLE_NAME.test(path) && bytes[0] === 0x78 && [0x01, 0x5e, 0x9c, 0xda].includes(bytes[1] ?? 0);
  if (!isGzip && !isZlib) {
    const isOther = PICKLE_NAME.test(path) && (startsWith(bytes, "BZh") || startsWith(bytes, "\xfd7zXZ"));
    return isOther ? null : bytes;
  }
  try {
    return (isGzip ? gunzipSync : inflateSync)(bytes, { maxOutputLength: MOST_MEMBER_BYTES });
  } catch {
    return null;
  }
}

/** Where the pickle of an array of objects begins in numpy's own format; null where there is none. */
function objectArrayAt(bytes: Uint8Array): number | null {
  if (!isNumpy(bytes)) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isOld = bytes[6] === 1;
  const start = isOld ? 10 : 12;
  if (bytes.length < start) return null;
  const end = start + (isOld ? view.getUint16(8, true) : view.getUint32(8, true));
  const header = new TextDecoder("latin1").decode(bytes.subarray(start, end));
  return /'descr':\s*'\|?O/.test(header) ? end : null;
}

function isNumpy(bytes: Uint8Array): boolean {
  return bytes[0] === 0x93 && startsWith(bytes.subarray(1), "NUMPY");
}

function isHdf5(bytes: Uint8Array): boolean {
  return bytes[0] === 0x89 && startsWith(bytes.subarray(1), "HDF");
}

/** Protocols 0 and 1 have no mark of their own: an import, a mark, a collection or a text comes first. */
function beginsAsOldPickle(bytes: Uint8Array): boolean {
  return "c(]}Vl)SI".includes(String.fromCharCode(bytes[0] ?? 0)) && bytes.length > 1;
}

function startsWith(bytes: Uint8Array, text: string): boolean {
  return Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, text.length)).equals(
    Buffer.from(text, "latin1"),
  );
}

function contains(bytes: Uint8Array, text: string): boolean {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes(text);
}
