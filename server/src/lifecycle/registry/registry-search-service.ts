import type { RegistryStage } from "@causeway/contract";
import type { Call } from "../../platform/access/index.ts";
import type { Db } from "../../platform/database/index.ts";
import { readFilter, readOrders, readPageToken, writePageToken } from "../experiments/index.ts";
import { noAlias, noModel, noVersion } from "./missing.ts";
import { modelsAlone } from "./models-alone.ts";
import { modelKeys, type RegistryQuery, registrySearchStore, versionKeys } from "./registry-search-store.ts";
import { registryStore, type StoredModel, type StoredVersion } from "./registry-store.ts";
import { copiedFrom, downloadAddress } from "./version-address.ts";

/** Copies of copies that are followed: after renaming, a name may lead back to where it came from. */
const MOST_COPIES = 20;

/** A search in MLflow's grammar; `after` is the `next` of the page before. */
export type RegistrySearch = {
  readonly filter: string;
  readonly orderBy: readonly string[];
  readonly limit: number;
  readonly after?: string | undefined;
};

/** A model as clients of MLflow read it: aliases are those of the call's environment. */
export type LabelledModel = StoredModel & {
  readonly aliases: readonly { readonly alias: string; readonly version: number }[];
  /** The newest version of each registry stage. */
  readonly newest: readonly LabelledVersion[];
};

/** A version with the names of the aliases on it in the call's environment. */
export type LabelledVersion = StoredVersion & { readonly labels: readonly string[] };

/** Models and versions by their fields. */
export type RegistrySearches = ReturnType<typeof createRegistrySearches>;

/** Makes the service that finds models and versions. */
export function createRegistrySearches({ db }: { readonly db: Db }) {
  async function searchModels(search: RegistrySearch, call: Call) {
    const orders = readOrders(search.orderBy, "models");
    const query = queryOf(search, call, { orders, entity: "models", keys: modelKeys(orders) });
    const found = await registrySearchStore(db).findModels(query);
    const { page, next } = cut(search, found);
    return { items: await labelModels(page, call), next };
  }

  async function searchVersions(search: RegistrySearch, call: Call) {
    const { orderBy } = search;
    // Those that changed last come first, as clients of MLflow expect it.
    const terms = orderBy.length === 0 ? ["last_updated_timestamp DESC"] : orderBy;
    const orders = readOrders(terms, "versions");
    const query = queryOf(search, call, { orders, entity: "versions", keys: versionKeys(orders) });
    const found = await registrySearchStore(db).findVersions(query);
    const { page, next } = cut(search, found);
    return { items: await labelVersions(page, call), next };
  }

  async function findModel({ model }: { model: string }, call: Call): Promise<LabelledModel> {
    const found = await registryStore(db).findModel(call.scope.project, model);
    const [labelled] = found === undefined ? [] : await labelModels([found], call);
    if (labelled === undefined) throw noModel(model);
    return labelled;
  }

  /** The newest version of each registry stage, or of the stages that are asked for. */
  async function findNewest(
    { model, stages }: { model: string; stages: readonly RegistryStage[] },
    call: Call,
  ): Promise<readonly LabelledVersion[]> {
    const { newest } = await findModel({ model }, call);
    return newest.filter(({ registryStage }) => stages.length === 0 || stages.includes(registryStage));
  }

  async function findVersion(
    { model, version }: { model: string; version: number },
    call: Call,
  ): Promise<LabelledVersion> {
    const { project } = call.scope;
    const found = await registryStore(db).findVersion({ project, model, version });
    const [labelled] = found === undefined ? [] : await labelVersions([found], call);
    if (labelled !== undefined) return labelled;
    if ((await registryStore(db).findModel(project, model)) === undefined) throw noModel(model);
    throw noVersion({ model, version });
  }

  /** Where clients read the files of a version: those of a copy without files of its own lie where its origin's do, as long as that is there. */
  async function findAddress(named: { model: string; version: number }, call: Call): Promise<string> {
    let version: StoredVersion = await findVersion(named, call);
    for (let copies = 0; copies < MOST_COPIES; copies += 1) {
      const origin = copiedFrom(version);
      if (origin === undefined) break;
      const { project } = call.scope;
      const found = await registryStore(db).findVersion({ project, ...origin });
      if (found === undefined) break;
      version = found;
    }
    return downloadAddress(version);
  }

  /** The version that an alias of the call's environment points at. */
  async function findAliased(
    { model, alias }: { model: string; alias: string },
    call: Call,
  ): Promise<LabelledVersion> {
    const { scope } = call;
    if (alias.toLowerCase() === "latest") {
      const [newest] = await registryStore(db).listNewest(scope.project, [model]);
      if (newest !== undefined) return findVersion(newest, call);
    }
    const found = await registryStore(db).findAlias({ ...scope, model, alias });
    if (found !== undefined) return findVersion(found, call);
    if ((await registryStore(db).findModel(scope.project, model)) === undefined) throw noModel(model);
    throw noAlias({ model, alias }, scope);
  }

  async function labelModels(models: readonly StoredModel[], call: Call): Promise<LabelledModel[]> {
    const { project, environment } = call.scope;
    const names = models.map(({ name }) => name);
    const newest = await labelVersions(
      await registrySearchStore(db).listNewestOfStages(project, names),
      call,
    );
    const aliases = await registryStore(db).listAliases(project, names);
    return models.map((model) => ({
      ...model,
      aliases: aliases.filter((alias) => alias.model === model.name && alias.environment === environment),
      newest: newest
        .filter((version) => version.model === model.name)
        .sort((one, other) => one.version - other.version),
    }));
  }

  async function labelVersions(versions: readonly StoredVersion[], call: Call): Promise<LabelledVersion[]> {
    const { project, environment } = call.scope;
    const names = [...new Set(versions.map(({ model }) => model))];
    const aliases = await registryStore(db).listAliases(project, names);
    return versions.map((version) => ({
      ...version,
      labels: aliases
        .filter(
          (one) =>
            one.environment === environment && one.model === version.model && one.version === version.version,
        )
        .map(({ alias }) => alias),
    }));
  }

  /** The version whose files have a digest; undefined where the project has none. */
  function findByDigest({ digest }: { digest: string }, call: Call): Promise<StoredVersion | undefined> {
    return registrySearchStore(db).findByDigest(call.scope.project, digest);
  }

  return {
    searchModels,
    searchVersions,
    findModel,
    findVersion,
    findAliased,
    findNewest,
    findAddress,
    findByDigest,
  };
}

function queryOf(
  search: RegistrySearch,
  call: Call,
  sorted: Pick<RegistryQuery, "orders" | "keys"> & { entity: "models" | "versions" },
): RegistryQuery {
  const { entity, orders, keys } = sorted;
  return {
    project: call.scope.project,
    filter: modelsAlone(readFilter(search.filter, entity)),
    orders,
    keys,
    limit: search.limit + 1,
    after: readPageToken(search.after, requestOf(search), keys.length),
  };
}

function cut<Row>(
  search: RegistrySearch,
  found: readonly { row: Row; values: readonly (string | number)[] }[],
): { page: Row[]; next: string | null } {
  const page = found.slice(0, search.limit);
  const last = page.at(-1);
  const more = found.length > search.limit && last !== undefined;
  return {
    page: page.map(({ row }) => row),
    next: more ? writePageToken(requestOf(search), last.values) : null,
  };
}

/** What a token fits: the same filter in the same order. */
function requestOf({ filter, orderBy }: RegistrySearch): string {
  return JSON.stringify([filter, orderBy]);
}
