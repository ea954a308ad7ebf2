import type { Model, ModelVersion, RegistryStage, RegistryTags } from "@causeway/contract";
import type { Call } from "../../platform/access/index.ts";
import type { Approvals } from "../../platform/approvals/index.ts";
import type { Artifacts } from "../../platform/artifacts/index.ts";
import type { Database, Tx } from "../../platform/database/index.ts";
import type { Events } from "../../platform/events/index.ts";
import type { Lineage } from "../../platform/lineage/index.ts";
import type { AliasService } from "./alias-service.ts";
import { noModel, noVersion } from "./missing.ts";
import type { PreparationService } from "./preparation-service.ts";
import { registryChangesStore, type Said } from "./registry-changes-store.ts";
import { modelPath, versionPath } from "./registry-paths.ts";
import { checkStageChange } from "./registry-stage.ts";
import { registryStore, type StoredVersion } from "./registry-store.ts";
import { isInUse, isProtected, isTaken, isUndecided } from "./still-needed.ts";

type InModel = { model: string };
type InVersion = InModel & { version: number };
type Key = { readonly project: string; readonly model: string; readonly version?: number };

/** Something of a later stage that lives from a model, or from one version of it. */
export type ModelUse = {
  /** Such as `the deployment churn in prod`. */
  readonly title: string;
  /** What ends the use, as a sentence or a command. */
  readonly help: string;
};

/** What of a later stage uses a model (with `version`: that version of it) at this moment. */
export type FindUses = (tx: Tx, key: Key) => Promise<readonly ModelUse[]>;

/** What changing models needs. */
export type RegistryChangesParts = {
  readonly database: Pick<Database, "db">;
  readonly artifacts: Pick<Artifacts, "retain" | "release">;
  readonly events: Pick<Events, "record">;
  readonly lineage: Pick<Lineage, "rename">;
  readonly approvals: Pick<Approvals, "listOpen">;
  readonly aliases: Pick<AliasService, "dropAlias">;
  readonly preparation: Pick<PreparationService, "ask">;
  readonly uses: readonly FindUses[];
  readonly getModel: (input: InModel, call: Call) => Promise<Model>;
  readonly getVersion: (input: InVersion, call: Call) => Promise<ModelVersion>;
  readonly now: () => Date;
};

/** What changes about models and versions after they were made: words, labels, names, their end. */
export type RegistryChanges = ReturnType<typeof createRegistryChanges>;

/** Makes the service; what is done here moves no answer of a version. */
export function createRegistryChanges(parts: RegistryChangesParts) {
  const { database, artifacts, events, lineage, approvals, aliases, getModel, getVersion, now } = parts;
  const { db } = database;

  async function createModel(
    input: { name: string; description: string; tags: RegistryTags },
    call: Call,
  ): Promise<Model> {
    const { name, description, tags } = input;
    await db.transaction().execute(async (tx) => {
      const { project } = call.scope;
      const model = { project, name, description, tags, createdAt: now(), createdBy: call.actor };
      if (!(await registryChangesStore(tx).insertModel(model))) throw isTaken(name);
      await events.record(tx, call, {
        type: "registry.model-created",
        subject: modelPath(name),
        data: { model: name, tags, description },
      });
    });
    return getModel({ model: name }, call);
  }

  async function updateModel({ model, ...said }: InModel & Said, call: Call): Promise<Model> {
    await db.transaction().execute(async (tx) => {
      await lockModel(tx, model, call);
      await registryChangesStore(tx).updateModel({ project: call.scope.project, model }, said, now());
      await events.record(tx, call, {
        type: "registry.model-changed",
        subject: modelPath(model),
        data: { model, ...changeOf(said) },
      });
    });
    return getModel({ model }, call);
  }

  async function updateVersion(
    { model, version, ...said }: InVersion & Said,
    call: Call,
  ): Promise<ModelVersion> {
    await db.transaction().execute(async (tx) => {
      const found = await lockVersion(tx, { model, version }, call);
      const key = { project: call.scope.project, model, version };
      await registryChangesStore(tx).updateVersion(key, said, now());
      await events.record(tx, call, {
        type: "registry.version-changed",
        subject: versionPath(found),
        data: { model, version, ...changeOf(said) },
      });
    });
    return getVersion({ model, version }, call);
  }

  /** Labels a version with a registry stage. It moves no alias, so nothing that is served changes. */
  async function setStage(
    input: InVersion & { stage: RegistryStage; archiveExisting: boolean },
    call: Call,
  ): Promise<ModelVersion> {
    const { model, version, stage, archiveExisting } = input;
    checkStageChange(input);
    await db.transaction().execute(async (tx) => {
      const found = await lockVersion(tx, input, call);
      const key = { project: call.scope.project, model, version };
      const store = registryChangesStore(tx);
      const at = now();
      const archived = archiveExisting ? await store.archiveOthers(key, stage, at) : [];
      await store.setStage(key, stage, at);
      await store.updateModel(key, {}, at);
      await events.record(tx, call, {
        type: "registry.version-changed",
        subject: versionPath(found),
        data: { model, version, stage, archived },
      });
    });
    return getVersion({ model, version }, call);
  }

  /** Deletes a version. Its row keeps the number, and what judged it stays; its files go where nothing else needs them. */
  function deleteVersion({ model, version }: InVersion, call: Call): Promise<Record<string, never>> {
    const { project } = call.scope;
    return db.transaction().execute(async (tx) => {
      const found = await lockVersion(tx, { model, version }, call);
      await checkUnneeded(tx, { project, model, version });
      await checkUnprotected(tx, { project, model, version });
      for (const alias of await registryStore(tx).listAliases(project, [model])) {
        if (alias.version !== version) continue;
        // An alias is an environment's own, and so is the event of its end.
        const there = { ...call, scope: { project, environment: alias.environment } };
        await aliases.dropAlias(tx, there, alias);
      }
      const at = now();
      await registryChangesStore(tx).markDeleted({ project, model, version }, at);
      await registryChangesStore(tx).updateModel({ project, model }, {}, at);
      const owner = { project, subject: versionPath(found) };
      await artifacts.release(tx, owner);
      // Monitors compare windows of before with it.
      if (found.reference !== null) await artifacts.retain(tx, owner, [found.reference]);
      await events.record(tx, call, {
        type: "registry.version-deleted",
        subject: versionPath(found),
        data: { model, version, digest: found.digest },
      });
      return {};
    });
  }

  /** Renames a model with all that hangs on it. Whoever names it in words of their own would lose it: they are asked first. */
  async function renameModel({ model, to }: InModel & { to: string }, call: Call): Promise<Model> {
    if (to !== model) {
      const { project } = call.scope;
      await db.transaction().execute(async (tx) => {
        await lockModel(tx, model, call);
        await checkUnneeded(tx, { project, model });
        const versions = await registryChangesStore(tx).listAll({ project, model });
        if (!(await registryChangesStore(tx).rename({ project, model }, to, now()))) throw isTaken(to);
        for (const version of versions) {
          // Work that is under way looks for the old name, finds nothing and leaves no trace.
          const waits = version.preparation.state === "preparing";
          if (waits) await parts.preparation.ask(tx, call, { model: to, version: version.version });
          const [from, next] = [versionPath(version), versionPath({ ...version, model: to })];
          await artifacts.release(tx, { project, subject: from });
          await artifacts.retain(tx, { project, subject: next }, artifactsOf(version));
        }
        await lineage.rename(
          tx,
          call.scope,
          versions.map((version) => ({
            from: versionPath(version),
            to: versionPath({ ...version, model: to }),
            title: `${to} version ${version.version}`,
          })),
        );
        await events.record(tx, call, {
          type: "registry.model-renamed",
          subject: modelPath(to),
          data: { model: to, previous: model },
        });
      });
    }
    return getModel({ model: to }, call);
  }

  /** Deletes a model with its versions and aliases. A model that takes the name later begins at version 1. */
  function deleteModel({ model }: InModel, call: Call): Promise<Record<string, never>> {
    const { project } = call.scope;
    return db.transaction().execute(async (tx) => {
      await lockModel(tx, model, call);
      await checkUnneeded(tx, { project, model });
      await checkUnprotected(tx, { project, model });
      const versions = await registryChangesStore(tx).listAll({ project, model });
      for (const version of versions) await artifacts.release(tx, { project, subject: versionPath(version) });
      const at = now();
      // The story of the old versions must not become that of new ones with the same numbers.
      await lineage.rename(
        tx,
        call.scope,
        versions.map((version) => ({
          from: versionPath(version),
          to: `${versionPath(version)}?deleted=${at.toISOString()}`,
          title: `${model} version ${version.version}, deleted`,
        })),
      );
      await registryChangesStore(tx).deleteModel({ project, model });
      await events.record(tx, call, {
        type: "registry.model-deleted",
        subject: modelPath(model),
        data: { model, versions: versions.length },
      });
      return {};
    });
  }

  /** Refuses to touch what a later stage lives from, and what people are asked about. */
  async function checkUnneeded(tx: Tx, key: Key): Promise<void> {
    for (const find of parts.uses) {
      const [use] = await find(tx, key);
      if (use !== undefined) throw isInUse(key, use);
    }
    const open = await approvals.listOpen(tx, { project: key.project, parent: modelPath(key.model) });
    const asked = open.find(({ details }) => key.version === undefined || details["version"] === key.version);
    if (asked !== undefined) throw isUndecided(key, asked.id);
  }

  /** Refuses to take away what stands under an alias that only a person moves. */
  async function checkUnprotected(tx: Tx, key: Key): Promise<void> {
    const [held] = await registryChangesStore(tx).listProtected(key);
    if (held !== undefined) throw isProtected(key, held);
  }

  async function lockModel(tx: Tx, model: string, { scope }: Call): Promise<void> {
    const store = registryStore(tx);
    await store.lockModel(scope.project, model);
    if ((await store.findModel(scope.project, model)) === undefined) throw noModel(model);
  }

  async function lockVersion(tx: Tx, key: InVersion, call: Call): Promise<StoredVersion> {
    await lockModel(tx, key.model, call);
    const { model, version } = key;
    const found = await registryStore(tx).findVersion({ project: call.scope.project, model, version });
    if (found === undefined) throw noVersion(key);
    return found;
  }

  return { createModel, updateModel, updateVersion, setStage, deleteVersion, renameModel, deleteModel };
}

function artifactsOf({ files, reference }: StoredVersion): string[] {
  return [...files.map(({ digest }) => digest), ...(reference === null ? [] : [reference])];
}

function changeOf({ description, tags = {}, removeTags = [] }: Said) {
  return { described: description !== undefined, set: tags, removed: [...removeTags] };
}
