import {
  CausewayError,
  fail,
  type ImportedRunState,
  type ImportSource,
  type Model,
  type ModelVersion,
  type RegistryStage,
  type RegistryTags,
} from "@causeway/contract";
import type { Call } from "../../platform/access/index.ts";
import type { Database } from "../../platform/database/index.ts";
import { registryImportStore } from "./registry-import-store.ts";
import type { Registry } from "./registry-service.ts";
import type { VersionSources } from "./version-source-service.ts";

/** What importing a registry is made from. */
export type RegistryImportParts = {
  readonly database: Pick<Database, "db">;
  readonly registry: Pick<Registry, "getModel" | "getVersion">;
  readonly changes: {
    readonly createModel: (
      input: { name: string; description: string; tags: RegistryTags },
      call: Call,
    ) => Promise<Model>;
  };
  readonly sources: VersionSources;
  readonly imports: {
    readonly findImported: (
      input: { source: ImportSource; sourceIds: string[] },
      call: Call,
    ) => Promise<{ runs: ImportedRunState[] }>;
  };
};

type Wanted = {
  model: string;
  version: number;
  source: ImportSource;
  sourceRun: string | null;
  loggedModel: string | null;
  path: string | null;
  sourceUri: string;
  description: string;
  tags: RegistryTags;
  registryStage: RegistryStage;
  createdAt: string;
};

/** Takes over registered models of other registries. */
export type RegistryImports = ReturnType<typeof createRegistryImports>;

/** Makes the service that takes over what another registry kept. What is here already stays as it is. */
export function createRegistryImports(parts: RegistryImportParts) {
  const { database, registry, changes, sources, imports } = parts;
  const { db } = database;

  async function importModel(
    { model, description, tags }: { model: string; description: string; tags: RegistryTags },
    call: Call,
  ): Promise<{ model: string; existed: boolean }> {
    const known = await registry.getModel({ model }, call).catch(absent);
    if (known === undefined) await changes.createModel({ name: model, description, tags }, call);
    return { model, existed: known !== undefined };
  }

  async function importVersion(
    wanted: Wanted,
    call: Call,
  ): Promise<{ version: ModelVersion; existed: boolean }> {
    const { model, version, registryStage } = wanted;
    const key = { project: call.scope.project, model, version };
    const known = await registry.getVersion({ model, version }, call).catch(absent);
    if (known !== undefined) return { version: known, existed: true };
    const run = await runOf(wanted, call);
    await registryImportStore(db).raiseTo(key);
    const made = await sources.createFromSource(
      {
        model,
        source: sourceOf(wanted, run),
        run,
        loggedModel: wanted.loggedModel ?? undefined,
        description: wanted.description,
        tags: wanted.tags,
      },
      call,
    );
    if (made.version !== version) {
      throw fail("CONFLICT", {
        message: `version ${version} of ${model} cannot be made: its number is past, and ${made.version} was made`,
        field: "version",
        value: version,
        help: "Versions come in order, and a removed one's number never comes again. Import into another project.",
      });
    }
    await registryImportStore(db).setPast(key, { createdAt: new Date(wanted.createdAt), registryStage });
    return { version: await registry.getVersion({ model, version }, call), existed: false };
  }

  async function runOf({ source, sourceRun }: Wanted, call: Call): Promise<string | undefined> {
    if (sourceRun === null) return undefined;
    const { runs } = await imports.findImported({ source, sourceIds: [sourceRun] }, call);
    return runs[0]?.run;
  }

  return { importModel, importVersion };
}

/** Where the version's files are here; what lies in a store of its own keeps the address that it had. */
function sourceOf({ loggedModel, path, sourceUri }: Wanted, run: string | undefined): string {
  if (loggedModel !== null) return `models:/${loggedModel}`;
  return run === undefined || path === null ? sourceUri : `runs:/${run}/${path}`;
}

function absent(error: unknown): undefined {
  if (error instanceof CausewayError && error.code === "NOT_FOUND") return undefined;
  throw error;
}
