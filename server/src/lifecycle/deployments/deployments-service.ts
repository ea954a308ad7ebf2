import type { Artifacts } from "../../platform/artifacts/index.ts";
import type { Database } from "../../platform/database/index.ts";
import type { Consumer, Events } from "../../platform/events/index.ts";
import type { Lineage } from "../../platform/lineage/index.ts";
import type { WorkQueue } from "../../platform/work/index.ts";
import type { Data } from "../data/index.ts";
import type { Registry } from "../registry/index.ts";
import { createGatewaysService } from "./gateways-service.ts";
import { createKeysService } from "./keys-service.ts";
import { createLogDuck } from "./log-duck-reader.ts";
import { createLogService } from "./log-service.ts";
import { createPredictionsService } from "./predictions-service.ts";
import { createPreparedVersions } from "./prepared-versions-service.ts";
import { createRetentionService } from "./retention-service.ts";
import { createServingService, notifyDeployment } from "./serving-service.ts";
import { createTrafficService } from "./traffic-service.ts";
import { createTruthImportsService } from "./truth-imports-service.ts";
import { createTruthService } from "./truth-service.ts";

/** What deployments are made from. */
export type DeploymentsParts = {
  readonly database: Database;
  readonly dataDir: string;
  readonly events: Pick<Events, "record">;
  readonly artifacts: Pick<Artifacts, "read" | "retain">;
  readonly data: Pick<Data, "resolve" | "requireUpload">;
  readonly work: Pick<WorkQueue, "enqueue" | "get" | "follow">;
  readonly lineage: Pick<Lineage, "link">;
  readonly registry: Pick<Registry, "resolve" | "getVersion">;
  /** Origin under which gateways answer; null while none has said where. */
  readonly gatewayUrl: () => Promise<string | null>;
  /** sha256 of each token that may read the metrics of gateways. */
  readonly readers: () => Promise<string[]>;
  readonly newId: () => string;
  readonly now: () => Date;
};

/** Deployments: what is served, by which gateways, to whom, and what was answered. */
export type Deployments = ReturnType<typeof createDeployments>;

/** Makes the stage. */
export function createDeployments(parts: DeploymentsParts) {
  const { handleRegistryEvent, ...services } = createServingService(parts);
  const { handlePrepared } = createPreparedVersions(parts);
  /** Moves deployments with the aliases that they serve. */
  const consumer: Consumer = {
    name: "deployments",
    types: ["registry.version-assigned", "registry.version-registered", "registry.version-prepared"],
    handle: (tx, event, call) =>
      event.type === "registry.version-prepared"
        ? handlePrepared(tx, event, call)
        : handleRegistryEvent(tx, event, call),
  };
  const askLog = createLogDuck();
  const { takeTraffic, getTraffic } = createTrafficService(parts);
  return {
    ...services,
    ...createKeysService(parts),
    ...createGatewaysService({ ...parts, notifyDeployment, takeTraffic }),
    ...createPredictionsService({ ...parts, askLog }),
    ...createLogService({ ...parts, askLog }),
    ...createTruthService({ ...parts, askLog }),
    ...createTruthImportsService(parts),
    ...createRetentionService(parts),
    getTraffic,
    consumer,
  };
}
