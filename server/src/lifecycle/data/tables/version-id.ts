import { createHash } from "node:crypto";
import type { Column } from "@causeway/contract";
import canonicalize from "canonicalize";

/**
 * The id of a dataset version: sha256 of the canonical JSON (RFC 8785) of `{"schema": [{"name", "type", "nullable"}],
 * "parts": [digest]}`. The same rows imported and appended the same way give the same id on any machine.
 */
export function versionId(schema: readonly Column[], partDigests: readonly string[]): string {
  const described = {
    schema: schema.map(({ name, type, nullable }) => ({ name, type, nullable })),
    parts: partDigests,
  };
  return createHash("sha256")
    .update(canonicalize(described) ?? "")
    .digest("hex");
}
