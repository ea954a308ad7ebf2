import {
  type DesiredDeployment,
  type DesiredState,
  fail,
  type ModelFile,
  type ModelVersion,
} from "@causeway/contract";
import type { Call } from "../../platform/access/index.ts";
import type { Artifacts } from "../../platform/artifacts/index.ts";
import { type Database, notify, type Tx } from "../../platform/database/index.ts";
import type { Events } from "../../platform/events/index.ts";
import type { Registry } from "../registry/index.ts";
import { changes, DESIRED_CHANGED } from "./change-stream.ts";
import { deploymentPath } from "./deployment-path.ts";
import {
  type DeploymentKey,
  deploymentsStore,
  type StoredDeployment,
  type StoredRevision,
} from "./deployments-store.ts";
import { tagged } from "./desired-digest.ts";
import { gatewaysStore, type Heard } from "./gateways-store.ts";
import { keysStore } from "./keys-store.ts";
import { askedRevision, decideStanding } from "./readiness.ts";
import type { HeardTraffic } from "./traffic-store.ts";

/** A gateway that has not reported for so long does not count. */
export const LIVE_MS = 15_000;

const FORGOTTEN_MS = 24 * 3_600_000;

/** What gateways are spoken to with. */
export type GatewaysParts = {
  readonly database: Database;
  readonly events: Pick<Events, "record">;
  readonly artifacts: Pick<Artifacts, "read">;
  readonly registry: Pick<Registry, "getVersion">;
  /** sha256 of each token that may read the metrics of gateways. */
  readonly readers: () => Promise<string[]>;
  /** Wakes those who follow a deployment. */
  readonly notifyDeployment: (tx: Tx, key: DeploymentKey) => Promise<void>;
  /** Adds up what a gateway counted. */
  readonly takeTraffic: (tx: Tx, gateway: string, heard: readonly HeardTraffic[]) => Promise<void>;
};

/** Makes the service that tells gateways what to serve and hears what became of it. */
export function createGatewaysService(parts: GatewaysParts) {
  const { database, events, artifacts, registry } = parts;
  const { db } = database;

  /** Versions that are ready never change, so each is read once while some deployment asks for it. */
  let versions = new Map<string, ModelVersion>();

  /** What gateways should serve, at once and each time it changes. */
  async function* desiredState(_: { gateway: string }, call: Call): AsyncIterable<DesiredState> {
    let last: string | undefined;
    const everything = { channel: DESIRED_CHANGED, matches: () => true, signal: call.signal };
    for await (const _change of changes(database, everything)) {
      const state = await readDesired();
      if (state.tag === last) continue;
      last = state.tag;
      yield state;
    }
  }

  async function readDesired(): Promise<DesiredState> {
    const deployments = await deploymentsStore(db).listActive();
    const revisions = await deploymentsStore(db).listRevisionsOf(deployments);
    const keys = await keysStore(db).listDigests();
    const known = new Map<string, ModelVersion>();
    const desired: DesiredDeployment[] = [];
    for (const deployment of deployments) {
      const { project, environment, name } = deployment;
      const asked = askedRevision(deployment);
      const found =
        (await readRevision({ deployment, number: asked, revisions, known })) ??
        (await readRevision({ deployment, number: deployment.serving, revisions, known }));
      // Nothing to serve yet: what is being prepared is asked for when it is ready.
      if (found === undefined) continue;
      const { revision, version } = found;
      desired.push({
        project,
        environment,
        name,
        revision: revision.number,
        model: revision.model,
        version: revision.version,
        digest: revision.digest,
        format: version.format,
        files: version.files,
        signature: version.signature,
        golden: version.golden,
        pythonEnvironment: version.preparation.environment?.digest ?? null,
        key: deployment.key,
        keys: keys.filter((key) => isSame(deployment, key)).map(({ sha256 }) => sha256),
      });
    }
    versions = known;
    return tagged(desired, await parts.readers());
  }

  /** A revision whose version can be loaded; undefined where there is none of that number, or it is not prepared. */
  async function readRevision(wanted: {
    deployment: StoredDeployment;
    number: number | null;
    revisions: readonly StoredRevision[];
    known: Map<string, ModelVersion>;
  }): Promise<{ revision: StoredRevision; version: ModelVersion } | undefined> {
    const { deployment, number, revisions, known } = wanted;
    if (number === null) return undefined;
    const revision = revisions.find(
      (one) => isSame(deployment, { ...one, name: one.deployment }) && one.number === number,
    );
    if (revision === undefined) throw new Error(`the deployment ${deployment.name} has lost its revision`);
    const address = `${deployment.project}/${revision.model}/${revision.version}`;
    const version = versions.get(address) ?? (await registry.getVersion(revision, { scope: deployment }));
    if (version.preparation.state !== "ready") return undefined;
    known.set(address, version);
    return { revision, version };
  }

  /** Hears a gateway; a report without deployments says that it lives. */
  async function reportGateway(
    input: { gateway: string; reports: readonly Heard[]; traffic?: readonly HeardTraffic[] },
    call: Call,
  ): Promise<Record<string, never>> {
    await db.transaction().execute(async (tx) => {
      await gatewaysStore(tx).markSeen(input.gateway);
      const news = await gatewaysStore(tx).putReports(input.gateway, input.reports);
      const unsettled = await gatewaysStore(tx).listUnsettled();
      for (const key of inOrder([...news, ...unsettled])) await settle(tx, call, key);
      for (const key of inOrder(news)) await parts.notifyDeployment(tx, key);
    });
    // Apart from the above: a report that is repeated because this fails changes nothing there.
    const { traffic = [] } = input;
    if (traffic.length > 0)
      await db.transaction().execute((tx) => parts.takeTraffic(tx, input.gateway, traffic));
    return {};
  }

  /** Brings a deployment's state in line with what its live gateways say. */
  async function settle(tx: Tx, call: Call, key: DeploymentKey): Promise<void> {
    const before = await deploymentsStore(tx).lock(key);
    if (before === undefined || before.deletedAt !== null) return;
    const live = await gatewaysStore(tx).listLive(LIVE_MS);
    const reports = await deploymentsStore(tx).listLiveReports([before], LIVE_MS);
    const after = decideStanding(before, live, reports);
    const { state, serving, givenUp } = after;
    if (state === before.state && serving === before.serving && givenUp === before.givenUp) return;
    await deploymentsStore(tx).update(key, { state, serving, givenUp });
    if (givenUp) await notify(tx, { channel: DESIRED_CHANGED });
    await parts.notifyDeployment(tx, key);
    if (state === "pending" || state === before.state) return;
    const own = reports.filter(({ revision }) => revision === before.revision);
    const golden = own.find((report) => report.golden !== null)?.golden ?? null;
    const problem = own.find((report) => report.state === "failed")?.problem ?? null;
    const scope = { project: key.project, environment: key.environment };
    await events.record(
      tx,
      { ...call, scope },
      {
        type: state === "ready" ? "deployments.deployment-ready" : "deployments.deployment-failed",
        subject: deploymentPath(key),
        data:
          state === "ready"
            ? { deployment: key.name, revision: before.revision, golden }
            : { deployment: key.name, revision: before.revision, serving, problem },
      },
    );
  }

  /** A file of a version that is served somewhere; a gateway's token opens nothing else. */
  async function downloadModelFile({ digest }: { digest: string }) {
    if (findServed(digest) === undefined) await readDesired();
    const file = findServed(digest);
    if (file !== undefined) return { stream: artifacts.read(digest), bytes: file.bytes, name: file.path };
    throw fail("NOT_FOUND", {
      message: `No deployment serves the file ${digest}`,
      field: "digest",
      value: digest,
      help: "Ask for the desired state again: what was served has changed.",
    });
  }

  function findServed(digest: string): ModelFile | undefined {
    return [...versions.values()].flatMap(({ files }) => files).find((file) => file.digest === digest);
  }

  /** Forgets gateways that have been silent for a day, with what they reported. */
  async function forgetGateways(): Promise<void> {
    await gatewaysStore(db).deleteSilent(FORGOTTEN_MS);
  }

  return { desiredState, reportGateway, downloadModelFile, forgetGateways };
}

function isSame(a: DeploymentKey, b: DeploymentKey): boolean {
  return a.project === b.project && a.environment === b.environment && a.name === b.name;
}

/** Each once, in one order for all reports, so that two gateways never wait for each other. */
function inOrder(keys: readonly DeploymentKey[]): DeploymentKey[] {
  const byText = new Map(keys.map((key) => [`${key.project}/${key.environment}/${key.name}`, key]));
  return [...byText].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, key]) => key);
}
