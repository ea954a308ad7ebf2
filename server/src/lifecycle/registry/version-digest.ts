import { createHash } from "node:crypto";
import type { ModelFile, ModelFormat, Signature } from "@causeway/contract";
import canonicalize from "canonicalize";

/** Names the content of a version: sha256 of canonical JSON (RFC 8785) of format, files and signature. */
export function versionDigest(content: {
  readonly format: ModelFormat;
  readonly files: readonly ModelFile[];
  readonly signature: Signature;
}): string {
  const { format, files, signature } = content;
  const text = canonicalize({ format, files, signature });
  if (text === undefined) throw new TypeError("an object always has a canonical form");
  return createHash("sha256").update(text).digest("hex");
}
