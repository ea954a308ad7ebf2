import { type Dataset, type DatasetVersion, fail } from "@causeway/contract";
import type { Call } from "../../platform/access/index.ts";
import type { Artifacts } from "../../platform/artifacts/index.ts";
import type { Db, Tx } from "../../platform/database/index.ts";
import type { Events } from "../../platform/events/index.ts";
import type { Lineage, LineageEdge } from "../../platform/lineage/index.ts";
import { keysetPage, notACursor } from "../../platform/paging/index.ts";
import { uploadPath, versionPath } from "./data-paths.ts";
import type { KeptVersion } from "./tasks/keep-version.ts";
import { decideVersion, parseReference, parseVersion } from "./version-reference.ts";
import { type DatasetRow, toVersion, versionsStore } from "./versions-store.ts";

/** What versions are stored with and looked up by. */
export interface VersionParts {
  db: Db;
  artifacts: Artifacts;
  events: Events;
  lineage: Lineage;
  now: () => Date;
}

/** A kept version on its way to become a dataset's newest. */
export interface VersionToStore {
  dataset: string;
  kept: KeptVersion;
  source: DatasetVersion["source"];
  /** The version that it was made from: appended to, or split. */
  parent?: string | null;
  /** Further things that it was made from. */
  madeFrom?: readonly Pick<LineageEdge, "to" | "relation">[];
  /** The version that rows were added to; where it is no longer the newest, nothing is stored. */
  onlyAfter?: string | null;
}

/** What storing did: `unchanged` when the dataset's newest version was this one already. */
export type StoredVersion =
  | { kind: "stored"; version: DatasetVersion; unchanged: boolean }
  | { kind: "moved-on" };

/** Datasets and their versions: storing and finding them. */
export type Versions = ReturnType<typeof createVersions>;

/** Makes the service of datasets and versions. */
export function createVersions({ db, artifacts, events, lineage, now }: VersionParts) {
  /** Makes a kept version the newest of its dataset, in the caller's transaction. */
  async function storeVersion(tx: Tx, call: Call, wanted: VersionToStore): Promise<StoredVersion> {
    const { dataset, kept, source, parent = null, onlyAfter } = wanted;
    const { project } = call.scope;
    const store = versionsStore(tx);
    const row = await store.lockDataset(project, dataset);
    if (onlyAfter !== undefined && row.latest !== onlyAfter) return { kind: "moved-on" };
    const subject = versionPath(dataset, kept.digest);
    if ((await store.findVersion(project, dataset, kept.digest)) !== undefined) {
      const unchanged = row.latest === kept.digest;
      if (!unchanged) {
        await store.setLatest({ project, name: dataset }, kept.digest);
        await events.record(tx, call, {
          type: "data.version-restored",
          subject,
          data: { dataset, version: kept.digest, before: row.latest },
        });
      }
      return { kind: "stored", version: await load(tx, call, { dataset, id: kept.digest }), unchanged: true };
    }
    await store.addParts(project, kept.parts);
    await store.insertVersion(
      { project, name: dataset },
      {
        id: kept.digest,
        rows: kept.rows,
        bytes: kept.bytes,
        schema: kept.schema,
        key: kept.key,
        findings: kept.findings,
        quarantine: kept.quarantine,
        parent,
        source,
        profile: kept.profile,
        createdAt: now(),
        createdBy: call.actor,
      },
    );
    const digests = kept.parts.map(({ digest }) => digest);
    await store.insertVersionParts({ project, dataset, id: kept.digest }, digests);
    const files = [...(await store.artifactsOf(project, digests)).values()];
    const quarantine = kept.quarantine === null ? [] : [kept.quarantine.artifact];
    await artifacts.retain(tx, { project, subject }, [...files, ...quarantine]);
    await linkVersion(tx, call, wanted);
    await events.record(tx, call, {
      type: "data.version-created",
      subject,
      data: { dataset, version: kept.digest, rows: kept.rows, source: source.name },
    });
    return { kind: "stored", version: await load(tx, call, { dataset, id: kept.digest }), unchanged: false };
  }

  async function linkVersion(tx: Tx, call: Call, wanted: VersionToStore): Promise<void> {
    const { dataset, kept, source, parent = null, madeFrom = [] } = wanted;
    const from = versionNode(dataset, kept.digest);
    const edges: LineageEdge[] = madeFrom.map((edge) => ({ from, ...edge }));
    if (parent !== null) edges.push({ from, to: versionNode(dataset, parent), relation: "appended-to" });
    if (source.kind === "file" && source.digest !== null) {
      const file = { kind: "artifact" as const, subject: uploadPath(source.digest), title: source.name };
      edges.push({ from, to: file, relation: "imported-from" });
    }
    await lineage.link(tx, call.scope, edges);
  }

  async function load(
    handle: Db | Tx,
    call: Pick<Call, "scope">,
    { dataset, id }: { dataset: string; id: string },
  ): Promise<DatasetVersion> {
    const store = versionsStore(handle);
    const row = await store.findVersion(call.scope.project, dataset, id);
    if (row === undefined) throw notFound(dataset);
    const parts = await store.listParts(call.scope.project, dataset, [id]);
    return toVersion(row, parts.get(id) ?? []);
  }

  /** A version by id, prefix or `latest`. */
  async function getVersion(
    input: { dataset: string; version: string },
    call: Pick<Call, "scope">,
  ): Promise<DatasetVersion> {
    return load(db, call, { dataset: input.dataset, id: await findId(input, call) });
  }

  async function findId(
    { dataset, version }: { dataset: string; version: string },
    call: Pick<Call, "scope">,
  ): Promise<string> {
    const store = versionsStore(db);
    const { project } = call.scope;
    const selector = parseVersion(version);
    if (selector.kind === "prefix")
      return decideVersion(await store.findIds(project, dataset, selector.prefix), { dataset, version });
    const latest = (await store.findDataset(project, dataset))?.latest;
    return decideVersion(latest === undefined || latest === null ? [] : [latest], { dataset, version });
  }

  /** The parts of a version with what is kept of their columns. */
  async function listStoredParts(
    { dataset, id }: { dataset: string; id: string },
    call: Pick<Call, "scope">,
  ) {
    const held = await versionsStore(db).listParts(call.scope.project, dataset, [id]);
    return held.get(id) ?? [];
  }

  /** The version that `name@latest` or `name@<id>` means now. */
  async function resolve(reference: string, call: Pick<Call, "scope">): Promise<DatasetVersion> {
    return getVersion(parseReference(reference), call);
  }

  async function describe(rows: readonly DatasetRow[], call: Pick<Call, "scope">): Promise<Dataset[]> {
    const store = versionsStore(db);
    const { project } = call.scope;
    const latest = await store.listLatest(
      project,
      rows.map(({ name }) => name),
    );
    return Promise.all(
      rows.map(async ({ name, versions, createdAt }) => {
        const row = latest.find(({ dataset }) => dataset === name);
        const parts = row === undefined ? undefined : await store.listParts(project, name, [row.id]);
        return {
          name,
          versions,
          createdAt: createdAt.toISOString(),
          latest: row === undefined ? null : toVersion(row, parts?.get(row.id) ?? []),
        };
      }),
    );
  }

  async function listDatasets(
    input: { limit: number; after?: string | undefined },
    call: Pick<Call, "scope">,
  ) {
    const rows = await versionsStore(db).listDatasets({
      project: call.scope.project,
      after: input.after,
      limit: input.limit + 1,
    });
    const page = keysetPage(rows, input.limit, ({ name }) => name);
    return { items: await describe(page.items, call), next: page.next };
  }

  async function getDataset({ dataset }: { dataset: string }, call: Pick<Call, "scope">): Promise<Dataset> {
    const row = await versionsStore(db).findDataset(call.scope.project, dataset);
    const [described] = row === undefined ? [] : await describe([row], call);
    if (described === undefined) throw notFound(dataset);
    return described;
  }

  async function listVersions(
    input: { dataset: string; limit: number; after?: string | undefined },
    call: Pick<Call, "scope">,
  ) {
    const { project } = call.scope;
    const store = versionsStore(db);
    if ((await store.findDataset(project, input.dataset)) === undefined) throw notFound(input.dataset);
    const before = input.after === undefined ? undefined : Number(input.after);
    if (input.after !== undefined && !Number.isSafeInteger(before)) throw notACursor(input.after);
    const rows = await store.listVersions({
      project,
      dataset: input.dataset,
      before,
      limit: input.limit + 1,
    });
    const page = keysetPage(rows, input.limit, ({ number }) => String(number));
    const parts = await store.listParts(
      project,
      input.dataset,
      page.items.map(({ id }) => id),
    );
    return { items: page.items.map((row) => toVersion(row, parts.get(row.id) ?? [])), next: page.next };
  }

  return {
    storeVersion,
    getVersion,
    listStoredParts,
    findId,
    resolve,
    listDatasets,
    getDataset,
    listVersions,
  };
}

/** A dataset version in the lineage graph. */
export function versionNode(dataset: string, id: string) {
  return {
    kind: "dataset-version" as const,
    subject: versionPath(dataset, id),
    title: `${dataset}@${id.slice(0, 6)}`,
  };
}

function notFound(dataset: string) {
  return fail("NOT_FOUND", {
    message: `There is no dataset ${dataset}`,
    field: "dataset",
    value: dataset,
    help: "List them: npx --no causeway data list",
  });
}
