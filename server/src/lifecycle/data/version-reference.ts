import { fail } from "@causeway/contract";

/** What names a version of a dataset: the newest one, or the beginning of an id. */
export type VersionSelector = { kind: "latest" } | { kind: "prefix"; prefix: string };

/** Reads `latest`, an id, or a prefix of one. */
export function parseVersion(version: string): VersionSelector {
  if (version === "latest") return { kind: "latest" };
  if (/^[0-9a-f]{6,64}$/.test(version)) return { kind: "prefix", prefix: version };
  throw fail("INVALID_FIELD", {
    message: `${version} does not name a dataset version`,
    field: "version",
    value: version,
    help: "Write latest, or the first 6 digits or more of a version's id.",
  });
}

/** Reads `customers@latest` or `customers@9f31c2`. */
export function parseReference(reference: string): { dataset: string; version: string } {
  const at = reference.lastIndexOf("@");
  if (at > 0 && at < reference.length - 1)
    return { dataset: reference.slice(0, at), version: reference.slice(at + 1) };
  throw fail("INVALID_FIELD", {
    message: `${reference} does not name a dataset version`,
    field: "reference",
    value: reference,
    help: "Write name@latest or name@<id>, for example customers@latest.",
  });
}

/** The one id that a prefix means; `found` are the ids that begin with it, at least two when it is ambiguous. */
export function decideVersion(
  found: readonly string[],
  { dataset, version }: { dataset: string; version: string },
): string {
  const [only, other] = found;
  if (only === undefined) {
    throw fail("NOT_FOUND", {
      message:
        version === "latest"
          ? `There is no dataset ${dataset} with a version`
          : `Dataset ${dataset} has no version ${version}`,
      field: "version",
      value: version,
      help:
        version === "latest"
          ? `Import one: npx --no causeway data import ${dataset} <file>`
          : `List them: npx --no causeway data versions ${dataset}`,
    });
  }
  if (other !== undefined && only !== version) {
    throw fail("AMBIGUOUS_PREFIX", {
      message: `${version} begins the ids of several versions of ${dataset}: ${only.slice(0, 16)}, ${other.slice(0, 16)}`,
      field: "version",
      value: version,
      help: "Write more digits.",
    });
  }
  return only;
}
