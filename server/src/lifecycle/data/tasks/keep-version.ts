import { join } from "node:path";
import type { Column, Finding, Profile } from "@causeway/contract";
import type { Artifacts } from "../../../platform/artifacts/index.ts";
import type { NewStoredPart } from "../versions-store.ts";
import type { Base, PreparedVersion } from "./prepared-version.ts";

/** A computed version whose files are in the store: what a transaction makes a dataset's newest. */
export interface KeptVersion {
  /** The version's id. */
  digest: string;
  rows: number;
  bytes: number;
  schema: Column[];
  parts: NewStoredPart[];
  profile: Profile;
  findings: Finding[];
  quarantine: { rows: number; artifact: string } | null;
  key: string | null;
}

/** Puts the files of a computed version into the store. */
export async function keepVersion(
  artifacts: Pick<Artifacts, "writeFile">,
  version: PreparedVersion,
  base?: Base,
): Promise<KeptVersion> {
  const kept = (base?.parts ?? []).map(({ path: _, ...part }) => part);
  const added: NewStoredPart[] = [];
  for (const { path, digest, rows, columns } of version.added) {
    const { digest: artifact, bytes } = await artifacts.writeFile(path, { take: true });
    added.push({ digest, artifact, rows, bytes, columns });
  }
  const quarantine =
    version.quarantine === null
      ? null
      : {
          rows: version.quarantine.rows,
          artifact: (await artifacts.writeFile(version.quarantine.path, { take: true })).digest,
        };
  const parts = [...kept, ...added];
  return {
    digest: version.id,
    rows: version.profile.rows,
    bytes: parts.reduce((sum, { bytes }) => sum + bytes, 0),
    schema: version.schema,
    parts,
    profile: version.profile,
    findings: version.findings,
    quarantine,
    key: version.key,
  };
}

/**
 * The folder in which a task leaves files for the worker: beside the task's own scratch, which is gone when the task is, and
 * named for the claim, so that whoever takes the work over removes it.
 */
export function handoverFolder(dataDir: string, attempt: string): string {
  return join(dataDir, "scratch", `${attempt}.out`);
}
