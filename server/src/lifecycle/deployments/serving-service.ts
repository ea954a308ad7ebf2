import {
  type Deployment,
  type Event,
  fail,
  type ModelVersion,
  type Revision,
  type Scope,
} from "@causeway/contract";
import type { Call } from "../../platform/access/index.ts";
import { type Database, notify, type Tx } from "../../platform/database/index.ts";
import type { Events } from "../../platform/events/index.ts";
import type { Lineage } from "../../platform/lineage/index.ts";
import { keysetPage } from "../../platform/paging/index.ts";
import { type Registry, versionPath } from "../registry/index.ts";
import { changes, DEPLOYMENT_CHANGED, DESIRED_CHANGED } from "./change-stream.ts";
import { deploymentPath, predictPath } from "./deployment-path.ts";
import {
  type DeploymentKey,
  deploymentsStore,
  type StoredDeployment,
  type StoredRevision,
} from "./deployments-store.ts";
import { LIVE_MS } from "./gateways-service.ts";
import { keysStore } from "./keys-store.ts";
import { requireServable, waitingFor } from "./servable-version.ts";

/** What serving is made from. */
export type ServingParts = {
  readonly database: Database;
  readonly events: Pick<Events, "record">;
  readonly lineage: Pick<Lineage, "link">;
  readonly registry: Pick<Registry, "resolve" | "getVersion">;
  /** Origin under which gateways answer; null while none has said where. */
  readonly gatewayUrl: () => Promise<string | null>;
  readonly now: () => Date;
};

/** Where a gateway answers unless it is told otherwise. */
const USUAL_GATEWAY = "http://127.0.0.1:7421";

type InDeployment = { deployment: string };
type Page = { limit: number; after?: string | undefined };

/** Makes the service of deployments and their revisions. */
export function createServingService(parts: ServingParts) {
  const { database, events, lineage, registry, now } = parts;
  const { db } = database;

  async function createDeployment(
    input: { name: string; serve: string; key?: string | null; retentionDays?: number | null },
    call: Call,
  ): Promise<Deployment> {
    const key = { ...call.scope, name: input.name };
    await db.transaction().execute(async (tx) => {
      const version = await registry.resolve(tx, input.serve, call.scope);
      requireServable(version);
      const before = await deploymentsStore(tx).lock(key);
      if (before !== undefined && before.deletedAt === null) throw alreadyServed(key, before.serve);
      const revision = (before?.revision ?? 0) + 1;
      await deploymentsStore(tx).put({
        ...key,
        serve: input.serve,
        state: "pending",
        revision,
        serving: null,
        givenUp: false,
        key: input.key ?? null,
        retentionDays: input.retentionDays ?? null,
        createdAt: now(),
        createdBy: call.actor,
      });
      await addRevision(tx, call, { key, revision, version });
      await tell(tx, call, { key, type: "deployments.deployment-created", data: { serve: input.serve } });
    });
    return getDeployment({ deployment: input.name }, call);
  }

  async function updateDeployment(
    input: InDeployment & {
      serve?: string | undefined;
      key?: string | null | undefined;
      retentionDays?: number | null | undefined;
    },
    call: Call,
  ): Promise<Deployment> {
    const of = { ...call.scope, name: input.deployment };
    const { serve, key, retentionDays } = input;
    await db.transaction().execute(async (tx) => {
      const before = await lockActive(tx, of);
      if (key !== undefined || retentionDays !== undefined) {
        const settings = {
          key: key === undefined ? before.key : key,
          retentionDays: retentionDays === undefined ? before.retentionDays : retentionDays,
        };
        await deploymentsStore(tx).update(of, settings);
        await tell(tx, call, { key: of, type: "deployments.deployment-changed", data: settings });
      }
      if (serve !== undefined)
        await revise(tx, call, {
          deployment: { ...before, serve },
          again: before.state === "failed",
          check: requireServable,
        });
    });
    return getDeployment(input, call);
  }

  /** Moves a locked deployment to what its reference means now; where it is there already, only if it is to be tried again. */
  async function revise(
    tx: Tx,
    call: Call,
    {
      deployment,
      again,
      check,
    }: { deployment: StoredDeployment; again: boolean; check?: typeof requireServable },
  ): Promise<void> {
    const { project, environment, name, serve } = deployment;
    const key = { project, environment, name };
    const version = await registry.resolve(tx, serve, key);
    check?.(version);
    const [current] = await deploymentsStore(tx).listRevisions(key, { before: undefined, limit: 1 });
    if (!again && current?.model === version.model && current.version === version.version) {
      await deploymentsStore(tx).update(key, { serve });
      return;
    }
    const revision = deployment.revision + 1;
    await deploymentsStore(tx).update(key, { serve, revision, state: "pending", givenUp: false });
    await addRevision(tx, call, { key, revision, version });
    await tell(tx, call, {
      key,
      type: "deployments.deployment-changed",
      data: { serve, revision, model: version.model, version: version.version },
    });
  }

  async function addRevision(
    tx: Tx,
    call: Call,
    made: {
      key: DeploymentKey;
      revision: number;
      version: Pick<ModelVersion, "model" | "version" | "digest">;
    },
  ): Promise<void> {
    const { key, version } = made;
    const { model, version: number, digest } = version;
    await deploymentsStore(tx).insertRevision({
      project: key.project,
      environment: key.environment,
      deployment: key.name,
      number: made.revision,
      model,
      version: number,
      digest,
      createdAt: now().toISOString(),
      createdBy: call.actor,
    });
    await lineage.link(tx, key, [
      {
        from: {
          kind: "deployment",
          subject: deploymentPath(key),
          title: `${key.name} in ${key.environment}`,
        },
        to: { kind: "model-version", subject: versionPath(version), title: `${model} version ${number}` },
        relation: "serves",
      },
    ]);
  }

  function deleteDeployment(input: InDeployment, call: Call): Promise<Record<string, never>> {
    const key = { ...call.scope, name: input.deployment };
    return db.transaction().execute(async (tx) => {
      await lockActive(tx, key);
      const at = now();
      await deploymentsStore(tx).markDeleted(key, at);
      await keysStore(tx).revokeAll(key, at);
      await tell(tx, call, { key, type: "deployments.deployment-deleted", data: {} });
      return {};
    });
  }

  /** Writes the event and wakes gateways and those who follow the deployment. */
  async function tell(
    tx: Tx,
    call: Call,
    change: { key: DeploymentKey; type: Event["type"]; data: Event["data"] },
  ): Promise<void> {
    const { key, type, data } = change;
    const scoped: Call = { ...call, scope: { project: key.project, environment: key.environment } };
    await events.record(tx, scoped, {
      type,
      subject: deploymentPath(key),
      data: { deployment: key.name, ...data },
    });
    await notify(tx, { channel: DESIRED_CHANGED });
    await notifyDeployment(tx, key);
  }

  async function lockActive(tx: Tx, key: DeploymentKey): Promise<StoredDeployment> {
    const found = await deploymentsStore(tx).lock(key);
    if (found === undefined || found.deletedAt !== null) throw noDeployment(key);
    return found;
  }

  async function listDeployments(
    input: Page,
    call: Call,
  ): Promise<{ items: Deployment[]; next: string | null }> {
    const rows = await deploymentsStore(db).list({
      ...call.scope,
      after: input.after,
      limit: input.limit + 1,
    });
    const { items, next } = keysetPage(rows, input.limit, ({ name }) => name);
    return { items: await complete(items), next };
  }

  async function getDeployment({ deployment }: InDeployment, call: Pick<Call, "scope">): Promise<Deployment> {
    const key = { ...call.scope, name: deployment };
    const found = await deploymentsStore(db).find(key);
    if (found === undefined || found.deletedAt !== null) throw noDeployment(key);
    const [whole] = await complete([found]);
    if (whole === undefined) throw noDeployment(key);
    return whole;
  }

  async function complete(stored: readonly StoredDeployment[]): Promise<Deployment[]> {
    const store = deploymentsStore(db);
    const revisions = await store.listRevisionsOf(stored);
    const reports = await store.listLiveReports(stored, LIVE_MS);
    const origin = (await parts.gatewayUrl()) ?? USUAL_GATEWAY;
    return Promise.all(
      stored.map(async (deployment) => {
        const own = revisions.filter((revision) =>
          isOf(deployment, { ...revision, name: revision.deployment }),
        );
        const revision = own.find(({ number }) => number === deployment.revision);
        if (revision === undefined)
          throw new Error(`the deployment ${deployment.name} has lost its revision`);
        const version = await registry.getVersion(revision, { scope: deployment });
        const serving = own.find(({ number }) => number === deployment.serving);
        return {
          name: deployment.name,
          project: deployment.project,
          environment: deployment.environment,
          serve: deployment.serve,
          state: deployment.state,
          revision: shown(revision),
          serving: serving === undefined ? null : shown(serving),
          gateways: reports
            .filter((report) => isOf(deployment, report))
            .map(({ project: _project, environment: _environment, name: _name, ...report }) => report),
          url: origin + predictPath(deployment),
          signature: version.signature,
          waitsFor: waitingFor(version),
          key: deployment.key,
          retentionDays: deployment.retentionDays,
          example: version.golden[0]?.record ?? null,
          createdAt: deployment.createdAt.toISOString(),
          createdBy: deployment.createdBy,
        };
      }),
    );
  }

  /** The deployment now and each time it changes, until it is deleted or nobody listens. */
  async function* followDeployment(input: InDeployment, call: Call): AsyncIterable<Deployment> {
    const wanted = payloadOf({ ...call.scope, name: input.deployment });
    let last = "";
    for await (const _ of changes(database, {
      channel: DEPLOYMENT_CHANGED,
      matches: (payload) => payload === wanted,
      signal: call.signal,
    })) {
      if (last !== "" && (await isGone(input, call))) return;
      const deployment = await getDeployment(input, call);
      const text = JSON.stringify(deployment);
      if (text !== last) yield deployment;
      last = text;
    }
  }

  async function isGone({ deployment }: InDeployment, call: Call): Promise<boolean> {
    const found = await deploymentsStore(db).find({ ...call.scope, name: deployment });
    return found === undefined || found.deletedAt !== null;
  }

  async function listRevisions(
    input: InDeployment & Page,
    call: Call,
  ): Promise<{ items: Revision[]; next: string | null }> {
    const key = { ...call.scope, name: input.deployment };
    if ((await deploymentsStore(db).find(key)) === undefined) throw noDeployment(key);
    const rows = await deploymentsStore(db).listRevisions(key, {
      before: revisionCursor(input.after),
      limit: input.limit + 1,
    });
    const { items, next } = keysetPage(rows, input.limit, ({ number }) => String(number));
    return { items: items.map(shown), next };
  }

  /** Follows the registry: a deployment that serves an alias, or the newest version, moves with it. */
  async function handleRegistryEvent(tx: Tx, event: Event, call: Call): Promise<void> {
    const { model, alias } = event.data;
    const serve = event.type === "registry.version-registered" ? `${model}@latest` : `${model}@${alias}`;
    const { project, environment } = event;
    for (const { name, ...found } of await deploymentsStore(tx).listFollowing({
      project,
      environment,
      serve,
    })) {
      const scope: Scope = { project, environment: found.environment };
      const deployment = await deploymentsStore(tx).lock({ ...scope, name });
      // What the alias means now counts, not what it meant when the event was written: events may come late or twice.
      if (deployment?.deletedAt === null && deployment.serve === serve) {
        await revise(tx, { ...call, actor: event.actor, scope }, { deployment, again: false });
      }
    }
  }

  return {
    createDeployment,
    updateDeployment,
    deleteDeployment,
    listDeployments,
    getDeployment,
    followDeployment,
    listRevisions,
    handleRegistryEvent,
  };
}

/** Wakes those who follow a deployment. */
export async function notifyDeployment(tx: Tx, key: DeploymentKey): Promise<void> {
  await notify(tx, { channel: DEPLOYMENT_CHANGED, payload: payloadOf(key) });
}

function payloadOf({ project, environment, name }: DeploymentKey): string {
  return `${project}/${environment}/${name}`;
}

function isOf(a: DeploymentKey, b: DeploymentKey): boolean {
  return a.project === b.project && a.environment === b.environment && a.name === b.name;
}

function shown({ number, model, version, digest, createdAt, createdBy }: StoredRevision): Revision {
  return { number, model, version, digest, createdAt, createdBy };
}

function revisionCursor(after: string | undefined): number | undefined {
  if (after === undefined) return undefined;
  if (/^[1-9]\d{0,8}$/.test(after)) return Number(after);
  throw fail("INVALID_FIELD", {
    message: `after is not the next of a page of revisions: ${after}`,
    field: "after",
    value: after,
    help: "Give back the `next` of the page before, or leave after out for the first page.",
  });
}

/** The refusal of a name that nothing is served under. */
export function noDeployment({ name, environment }: Pick<DeploymentKey, "name" | "environment">): Error {
  return fail("NOT_FOUND", {
    message: `There is no deployment ${name} in ${environment}`,
    field: "deployment",
    value: name,
    help: "npx --no causeway deployments list shows what there is.",
  });
}

function alreadyServed({ name, environment }: DeploymentKey, serve: string): Error {
  return fail("ALREADY_EXISTS", {
    message: `The deployment ${name} in ${environment} exists and serves ${serve}`,
    field: "name",
    value: name,
    help: `npx --no causeway deployments switch ${name} --serve <model@version> serves another.`,
  });
}
