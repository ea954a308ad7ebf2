import { join } from "node:path";
import { fail } from "@causeway/contract";
import type { Db, Tx } from "../database/index.ts";
import { ensureKeyFile } from "./key-file.ts";
import { keyId, open, seal } from "./seal.ts";
import { type SecretKey, secretsStore } from "./secrets-store.ts";

/** Values that are kept encrypted and that no endpoint returns. */
export type Secrets = ReturnType<typeof createSecrets>;

/** Makes the keeper of secrets; its key lies in the data folder and is made with the first secret. */
export function createSecrets({ db, dataDir }: { db: Db; dataDir: string }) {
  const file = join(dataDir, "secret-key");
  let loading: Promise<Buffer> | undefined;

  async function loadKey(): Promise<Buffer> {
    loading ??= ensureKeyFile(file);
    try {
      return await loading;
    } catch (error) {
      loading = undefined;
      throw error;
    }
  }

  /** Keeps a value in the caller's transaction, in place of an earlier one of the same name. */
  async function put(tx: Tx, key: SecretKey, value: string): Promise<void> {
    const secret = await loadKey();
    await secretsStore(tx).put(key, { keyId: keyId(secret), sealed: seal(secret, value, boundTo(key)) });
  }

  /** The value; undefined where there is none of that name. */
  async function read(key: SecretKey): Promise<string | undefined> {
    const found = await secretsStore(db).find(key);
    if (found === undefined) return undefined;
    const secret = await loadKey();
    if (found.keyId !== keyId(secret)) throw foreignKey(key, file);
    try {
      return open(secret, found.sealed, boundTo(key));
    } catch (cause) {
      throw changed(key, cause);
    }
  }

  async function remove(tx: Tx, key: SecretKey): Promise<void> {
    await secretsStore(tx).remove(key);
  }

  return { put, read, remove };
}

/** What a sealed value is bound to: a row that is moved to another name or scope does not open. */
function boundTo({ project, environment, name }: SecretKey): string {
  return JSON.stringify([project, environment, name]);
}

function foreignKey({ name }: SecretKey, file: string): Error {
  return fail("SECRET_UNREADABLE", {
    message: `The secret ${name} was sealed with another key than that of ${file}`,
    field: "secret",
    value: name,
    help: "Put the key file back from a backup of the data folder, or set the secret again.",
  });
}

function changed({ name }: SecretKey, cause: unknown): Error {
  return fail("SECRET_UNREADABLE", {
    message: `The secret ${name} does not open: its row was changed outside Causeway`,
    field: "secret",
    value: name,
    help: "Set the secret again, and find out who writes to the database.",
    cause,
  });
}
