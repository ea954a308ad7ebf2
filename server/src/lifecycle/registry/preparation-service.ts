import { fail, type ModelVersion } from "@causeway/contract";
import { type Call, requirePermission } from "../../platform/access/index.ts";
import type { Database, Tx } from "../../platform/database/index.ts";
import type { WorkQueue } from "../../platform/work/index.ts";
import { noVersion } from "./missing.ts";
import { preparationStore } from "./preparation-store.ts";
import { PREPARING } from "./preparing.ts";
import { versionPath } from "./registry-paths.ts";
import type { Registry } from "./registry-service.ts";

/** Kind of the work that prepares a version. */
export const PREPARE_KIND = "registry.prepare";

/** Claims that a preparation gets: one that ends its worker twice ends it again. */
const MOST_CLAIMS = 3;

/** What preparing is asked with. */
export type PreparationParts = {
  readonly database: Pick<Database, "db">;
  readonly work: Pick<WorkQueue, "enqueue">;
  readonly registry: Pick<Registry, "getVersion">;
};

type InVersion = { readonly model: string; readonly version: number };

/** Brings versions to where they can be served. */
export type PreparationService = ReturnType<typeof createPreparation>;

/** Makes the service that asks for preparations; workers do them. */
export function createPreparation({ database, work, registry }: PreparationParts) {
  /** Puts the preparation of a version into the queue, in the transaction that made it. */
  async function ask(tx: Tx, call: Call, { model, version }: InVersion): Promise<void> {
    await work.enqueue(tx, call, {
      kind: PREPARE_KIND,
      subject: versionPath({ model, version }),
      payload: { model, version },
      maxAttempts: MOST_CLAIMS,
    });
  }

  /** Prepares a version again; with `accept` a person says that its findings are known and wanted. */
  async function prepareVersion(
    { model, version, accept }: InVersion & { readonly accept: boolean },
    call: Call,
  ): Promise<ModelVersion> {
    if (accept) requirePermission(call, "registry:approve");
    const { format } = await registry.getVersion({ model, version }, call);
    if (format !== "mlflow") throw readyAlready({ model, version });
    const key = { project: call.scope.project, model, version };
    await database.db.transaction().execute(async (tx) => {
      const before = await preparationStore(tx).lock(key);
      if (before === undefined) throw noVersion({ model, version });
      if (before.state === "preparing") throw underWay({ model, version });
      const acceptedBy = accept ? call.actor : before.acceptedBy;
      await preparationStore(tx).put(key, { ...PREPARING, acceptedBy });
      await ask(tx, call, { model, version });
    });
    return registry.getVersion({ model, version }, call);
  }

  return { ask, prepareVersion };
}

function readyAlready({ model, version }: InVersion): Error {
  return fail("CONFLICT", {
    message: `Version ${version} of ${model} needs no preparation: its file is served as it is`,
    field: "version",
    value: version,
  });
}

function underWay({ model, version }: InVersion): Error {
  return fail("CONFLICT", {
    message: `Version ${version} of ${model} is being prepared`,
    field: "version",
    value: version,
    help: `npx --no causeway registry show ${model} ${version} shows how far it is.`,
  });
}
