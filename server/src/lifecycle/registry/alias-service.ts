import { type Alias, AliasRule, fail, type Scope } from "@causeway/contract";
import type { Call } from "../../platform/access/index.ts";
import type { Database, Tx } from "../../platform/database/index.ts";
import type { Events } from "../../platform/events/index.ts";
import { keysetPage, uuidCursor } from "../../platform/paging/index.ts";
import { aliasRulesStore } from "./alias-rules-store.ts";
import { noAlias, noModel, noVersion } from "./missing.ts";
import { checkAliasName } from "./model-reference.ts";
import { aliasPath } from "./registry-paths.ts";
import { registryStore } from "./registry-store.ts";

/** What moving aliases needs. */
export type AliasParts = {
  readonly database: Pick<Database, "db">;
  readonly events: Pick<Events, "record">;
  readonly now: () => Date;
  readonly newId: () => string;
};

type AliasOf = { model: string; alias: string };
type Page = { limit: number; after?: string | undefined };

/** Aliases of models. */
export type AliasService = ReturnType<typeof createAliasService>;

/** Makes the service of aliases: what they point at, where they pointed, and who may move them. */
export function createAliasService({ database, events, now, newId }: AliasParts) {
  const { db } = database;

  /** Moves an alias of the call's environment, unless its rule wants a person to be asked. */
  function assignAlias(input: AliasOf & { version: number }, call: Call): Promise<Alias> {
    checkAliasName(input.alias);
    return db.transaction().execute(async (tx) => {
      await registryStore(tx).lockModel(call.scope.project, input.model);
      const { approval } = await ruleOf(tx, input, call.scope);
      if (approval === "person") throw approvalNeeded(input, call.scope);
      return (await moveAlias(tx, call, input)).alias;
    });
  }

  /**
   * Moves an alias in the caller's transaction, for what has been decided already: an approval, or the way back to the
   * version before. Where it already points, nothing happens.
   */
  async function moveAlias(
    tx: Tx,
    call: Call,
    { model, alias, version }: AliasOf & { version: number },
  ): Promise<{ alias: Alias; previous: number | null }> {
    checkAliasName(alias);
    const { project, environment } = call.scope;
    const key = { ...call.scope, model, alias };
    const store = registryStore(tx);
    await store.lockModel(project, model);
    if ((await store.findVersion({ project, model, version })) === undefined)
      throw noVersion({ model, version });
    const before = await store.findAlias(key);
    const previous = before?.version ?? null;
    if (before !== undefined && previous === version) return { alias: before, previous };
    const assignedAt = now();
    await store.putAlias(key, { version, assignedAt, assignedBy: call.actor });
    await recordMove(tx, call, { ...key, version, previous, at: assignedAt });
    const assigned = { assignedAt: assignedAt.toISOString(), assignedBy: call.actor };
    return { alias: { alias, environment, version, ...assigned }, previous };
  }

  function removeAlias(input: AliasOf, call: Call): Promise<Record<string, never>> {
    const key = { ...call.scope, model: input.model, alias: input.alias };
    return db.transaction().execute(async (tx) => {
      const store = registryStore(tx);
      await store.lockModel(call.scope.project, input.model);
      const before = await store.findAlias(key);
      if (before === undefined) throw noAlias(input, call.scope);
      const { approval } = await ruleOf(tx, input, call.scope);
      if (approval === "person") throw removalNeedsRule(input);
      await dropAlias(tx, call, before);
      return {};
    });
  }

  /** Removes an alias of the call's environment in the caller's transaction, for what has been decided already. */
  async function dropAlias(tx: Tx, call: Call, before: AliasOf & { version: number }): Promise<void> {
    const key = { ...call.scope, model: before.model, alias: before.alias };
    await registryStore(tx).deleteAlias(key);
    await recordMove(tx, call, { ...key, version: null, previous: before.version, at: now() });
  }

  async function recordMove(
    tx: Tx,
    call: Call,
    move: Scope & AliasOf & { version: number | null; previous: number | null; at: Date },
  ): Promise<void> {
    const { at, ...change } = move;
    await registryStore(tx).insertAliasChange({
      id: newId(),
      ...change,
      changedAt: at,
      changedBy: call.actor,
    });
    const { model, alias, version, previous } = change;
    await events.record(tx, call, {
      type: version === null ? "registry.alias-removed" : "registry.version-assigned",
      subject: aliasPath(change),
      data: { model, alias, version, previous },
    });
  }

  async function listAliasChanges(input: Page & AliasOf, call: Call) {
    const key = { ...call.scope, model: input.model, alias: input.alias };
    const rows = await registryStore(db).listAliasChanges(key, {
      after: uuidCursor(input.after),
      limit: input.limit + 1,
    });
    const { items, next } = keysetPage(rows, input.limit, ({ id }) => id);
    return {
      items: items.map(({ version, previous, changedAt, changedBy }) => ({
        version,
        previous,
        changedAt: changedAt.toISOString(),
        changedBy,
      })),
      next,
    };
  }

  /** The rule of an alias; without one of its own it moves by itself. */
  async function ruleOf(tx: Tx, { model, alias }: AliasOf, scope: Scope): Promise<AliasRule> {
    const rule = await aliasRulesStore(tx).find({ ...scope, model, alias });
    return rule ?? AliasRule.parse({ approval: "automatic" });
  }

  async function getAliasRule({ model, alias }: AliasOf, call: Call): Promise<AliasRule> {
    await requireModel(model, call);
    const rule = await aliasRulesStore(db).find({ ...call.scope, model, alias });
    return rule ?? AliasRule.parse({ approval: "automatic" });
  }

  async function setAliasRule(input: AliasOf & AliasRule, call: Call): Promise<AliasRule> {
    const { model, alias, ...rule } = input;
    checkAliasName(alias);
    await requireModel(model, call);
    await db.transaction().execute(async (tx) => {
      const key = { ...call.scope, model, alias };
      await registryStore(tx).lockModel(call.scope.project, model);
      await aliasRulesStore(tx).put(key, { rule, changedAt: now(), changedBy: call.actor });
      await events.record(tx, call, {
        type: "registry.alias-rule-changed",
        subject: aliasPath({ model, alias }),
        data: { model, alias, ...rule },
      });
    });
    return rule;
  }

  async function requireModel(model: string, { scope }: Call): Promise<void> {
    if ((await registryStore(db).findModel(scope.project, model)) === undefined) throw noModel(model);
  }

  return {
    assignAlias,
    moveAlias,
    removeAlias,
    dropAlias,
    listAliasChanges,
    ruleOf,
    getAliasRule,
    setAliasRule,
  };
}

function approvalNeeded({ model, alias, version }: AliasOf & { version: number }, scope: Scope): Error {
  return fail("APPROVAL_NEEDED", {
    message: `${model}@${alias} in ${scope.environment} moves only by a person's approval`,
    field: "alias",
    value: alias,
    help: `Ask for it: npx --no causeway registry request ${model}@${alias} ${version}${inEnvironment(scope)}`,
  });
}

function removalNeedsRule({ model, alias }: AliasOf): Error {
  return fail("APPROVAL_NEEDED", {
    message: `${model}@${alias} moves only by a person's approval, so it cannot be removed`,
    field: "alias",
    value: alias,
    help: `Change its rule first: npx --no causeway registry rule ${model}@${alias} --approval automatic`,
  });
}

function inEnvironment({ environment }: Scope): string {
  return environment === "dev" ? "" : ` --env ${environment}`;
}
