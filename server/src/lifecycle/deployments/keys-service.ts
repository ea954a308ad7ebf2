import { randomBytes } from "node:crypto";
import { type ApiKey, fail } from "@causeway/contract";
import type { Call } from "../../platform/access/index.ts";
import { type Database, notify, type Tx } from "../../platform/database/index.ts";
import type { Events } from "../../platform/events/index.ts";
import { keysetPage, uuidCursor } from "../../platform/paging/index.ts";
import { keyDigest, keyText } from "./api-key.ts";
import { DESIRED_CHANGED } from "./change-stream.ts";
import { deploymentPath } from "./deployment-path.ts";
import { type DeploymentKey, deploymentsStore } from "./deployments-store.ts";
import { keysStore } from "./keys-store.ts";
import { noDeployment } from "./serving-service.ts";

const KEY_BYTES = 32;

/** What keys are made from. */
export type KeysParts = {
  readonly database: Database;
  readonly events: Pick<Events, "record">;
  readonly newId: () => string;
  readonly now: () => Date;
};

type InDeployment = { deployment: string };

/** Makes the service of the API keys by which callers reach one deployment. */
export function createKeysService({ database, events, newId, now }: KeysParts) {
  const { db } = database;

  /** The key's text is in this answer and nowhere else. */
  function createKey(
    input: InDeployment & { name: string },
    call: Call,
  ): Promise<{ key: ApiKey; secret: string }> {
    const of = { ...call.scope, name: input.deployment };
    const secret = keyText(randomBytes(KEY_BYTES));
    return db.transaction().execute(async (tx) => {
      await requireActive(tx, of);
      const key = { id: newId(), name: input.name, createdAt: now().toISOString(), createdBy: call.actor };
      await keysStore(tx).insert(of, { ...key, sha256: keyDigest(secret) });
      await tell(tx, call, { of, key, type: "deployments.key-created" });
      return { key: { ...key, deployment: of.name, revokedAt: null }, secret };
    });
  }

  async function listKeys(input: InDeployment & { limit: number; after?: string | undefined }, call: Call) {
    const of = { ...call.scope, name: input.deployment };
    await requireActive(db, of);
    const rows = await keysStore(db).list(of, { after: uuidCursor(input.after), limit: input.limit + 1 });
    return keysetPage(rows, input.limit, ({ id }) => id);
  }

  /** Gateways refuse the key as soon as they hear of it; one that was revoked stays as it is. */
  function revokeKey(input: InDeployment & { key: string }, call: Call): Promise<ApiKey> {
    const of = { ...call.scope, name: input.deployment };
    return db.transaction().execute(async (tx) => {
      const key = await keysStore(tx).lock(of, input.key);
      if (key === undefined) throw noKey(of, input.key);
      if (key.revokedAt !== null) return key;
      const at = now();
      await keysStore(tx).revoke(key.id, at);
      await tell(tx, call, { of, key, type: "deployments.key-revoked" });
      return { ...key, revokedAt: at.toISOString() };
    });
  }

  async function tell(
    tx: Tx,
    call: Call,
    change: {
      of: DeploymentKey;
      key: Pick<ApiKey, "id" | "name">;
      type: "deployments.key-created" | "deployments.key-revoked";
    },
  ): Promise<void> {
    const { of, key, type } = change;
    const data = { deployment: of.name, key: key.id, name: key.name };
    await events.record(tx, call, { type, subject: deploymentPath(of), data });
    await notify(tx, { channel: DESIRED_CHANGED });
  }

  return { createKey, listKeys, revokeKey };
}

async function requireActive(db: Parameters<typeof deploymentsStore>[0], of: DeploymentKey): Promise<void> {
  const found = await deploymentsStore(db).find(of);
  if (found === undefined || found.deletedAt !== null) throw noDeployment(of);
}

function noKey({ name }: DeploymentKey, key: string): Error {
  return fail("NOT_FOUND", {
    message: `The deployment ${name} has no key ${key}`,
    field: "key",
    value: key,
    help: `npx --no causeway deployments keys ${name} lists them.`,
  });
}
