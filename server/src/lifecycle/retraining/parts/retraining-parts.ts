import type { Approval, Gate, GateRequest } from "@causeway/contract";
import type { Call } from "../../../platform/access/index.ts";
import type { Artifacts } from "../../../platform/artifacts/index.ts";
import type { Database, Tx } from "../../../platform/database/index.ts";
import type { Events } from "../../../platform/events/index.ts";
import type { Notifications } from "../../../platform/notifications/index.ts";
import type { WorkQueue } from "../../../platform/work/index.ts";
import type { Data } from "../../data/index.ts";
import type { Deployments } from "../../deployments/index.ts";
import type { Monitoring } from "../../monitoring/index.ts";
import type { Pipelines } from "../../pipelines/index.ts";
import type { ApprovalWish, Registry } from "../../registry/index.ts";

/** What the stage asks of the registry: to judge, to ask people, to move the alias. */
export type RegistryDoor = Pick<Registry, "getVersion" | "findVersionOfRun" | "moveAlias" | "markRefit"> & {
  readonly startGate: (input: { model: string; version: number } & GateRequest, call: Call) => Promise<Gate>;
  readonly getGate: (input: { gate: string }, call: Call) => Promise<Gate>;
  readonly listGates: (
    input: { model: string; version: number; limit: number },
    call: Call,
  ) => Promise<{ items: Gate[] }>;
  readonly askApproval: (tx: Tx, call: Call, wish: ApprovalWish) => Promise<Approval>;
  /** Takes a request back that was not decided yet. */
  readonly withdrawApproval: (tx: Tx, call: Call, approval: string) => Promise<void>;
  readonly getApproval: (input: { approval: string }, call: Call) => Promise<Approval>;
};

/** What the stage is built from. */
export type RetrainingParts = {
  readonly database: Database;
  readonly events: Pick<Events, "record">;
  readonly artifacts: Pick<Artifacts, "retain" | "release">;
  readonly work: Pick<WorkQueue, "enqueue">;
  readonly notifications: Pick<Notifications, "notify" | "checkChannels">;
  readonly data: Pick<Data, "resolve" | "listVersions">;
  readonly pipelines: Pick<Pipelines, "getPipeline" | "getRun" | "beginRun" | "cancelRun">;
  readonly registry: RegistryDoor;
  readonly deployments: Pick<Deployments, "getDeployment" | "log">;
  readonly monitoring: Pick<Monitoring, "getMonitor" | "listMonitors" | "listWindows" | "listAlerts">;
  readonly newId: () => string;
  readonly now: () => Date;
};
