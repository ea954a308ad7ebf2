import type { DeploymentState, Event, ModelVersion } from "@causeway/contract";
import type { Call } from "../../platform/access/index.ts";
import { notify, type Tx } from "../../platform/database/index.ts";
import type { Events } from "../../platform/events/index.ts";
import type { Registry } from "../registry/index.ts";
import { DESIRED_CHANGED } from "./change-stream.ts";
import { deploymentPath } from "./deployment-path.ts";
import { type DeploymentKey, deploymentsStore } from "./deployments-store.ts";
import { notifyDeployment } from "./serving-service.ts";

/** What following preparations needs. */
export type PreparedVersionsParts = {
  readonly events: Pick<Events, "record">;
  readonly registry: Pick<Registry, "getVersion">;
};

/** Makes the service that moves deployments on whose version was waited for. */
export function createPreparedVersions({ events, registry }: PreparedVersionsParts) {
  /** A version's preparation ended: gateways are asked to load it, or its deployments have failed. */
  async function handlePrepared(tx: Tx, event: Event, call: Call): Promise<void> {
    const { project } = event;
    const { model, version: number } = event.data;
    if (typeof model !== "string" || typeof number !== "number") return;
    const deployments = (await deploymentsStore(tx).listActive()).filter((one) => one.project === project);
    const revisions = await deploymentsStore(tx).listRevisionsOf(deployments);
    const waiting = deployments.filter(({ environment, name, revision }) =>
      revisions.some(
        (one) =>
          one.environment === environment &&
          one.deployment === name &&
          one.number === revision &&
          one.model === model &&
          one.version === number,
      ),
    );
    const [first] = waiting;
    if (first === undefined) return;
    // What the version is now counts: events may come late or twice.
    const { environment } = first;
    const version = await registry.getVersion(
      { model, version: number },
      { scope: { project, environment } },
    );
    for (const key of waiting) await settle(tx, { ...call, actor: event.actor }, { key, version });
    await notify(tx, { channel: DESIRED_CHANGED });
  }

  async function settle(
    tx: Tx,
    call: Call,
    { key, version }: { key: DeploymentKey; version: ModelVersion },
  ): Promise<void> {
    const before = await deploymentsStore(tx).lock(key);
    if (before === undefined || before.deletedAt !== null) return;
    const { state: prepared, problem } = version.preparation;
    if (prepared === "preparing") return;
    const state: DeploymentState = prepared === "ready" ? "pending" : "failed";
    if (before.state === state || before.serving === before.revision) return;
    await deploymentsStore(tx).update(key, { state });
    await notifyDeployment(tx, key);
    if (state === "pending") return;
    const scope = { project: key.project, environment: key.environment };
    await events.record(
      tx,
      { ...call, scope },
      {
        type: "deployments.deployment-failed",
        subject: deploymentPath(key),
        data: { deployment: key.name, revision: before.revision, serving: before.serving, problem },
      },
    );
  }

  return { handlePrepared };
}
