import { z } from "zod";
import { Actor, Environment, Json, Name, Timestamp } from "./resource.ts";

/** Every event that the platform emits: `<stage>.<noun>-<past verb>`. */
export const EVENT_TYPES = [
  "data.import-started",
  "data.import-failed",
  "data.version-created",
  "data.version-restored",
  "experiments.run-started",
  "experiments.run-ended",
  "pipelines.version-deployed",
  "pipelines.run-started",
  "pipelines.run-ended",
  "pipelines.step-ended",
  "registry.version-registered",
  "registry.version-assigned",
  "registry.alias-removed",
  "deployments.deployment-created",
  "deployments.deployment-changed",
  "deployments.deployment-ready",
  "deployments.deployment-failed",
  "deployments.deployment-deleted",
  "deployments.key-created",
  "deployments.key-revoked",
  "platform.project-created",
  "platform.token-created",
  "platform.token-revoked",
  "platform.started",
] as const;

export const EventType = z.enum(EVENT_TYPES);
export type EventType = z.infer<typeof EventType>;

/** One line of the outbox. `subject` is the REST path of the thing; `occurredAt` event time, `recordedAt` server time. */
export const Event = z.object({
  id: z.uuid(),
  type: EventType,
  occurredAt: Timestamp,
  recordedAt: Timestamp,
  project: Name,
  environment: Environment.nullable(),
  actor: Actor,
  subject: z.string(),
  data: z.record(z.string(), Json),
});
export type Event = z.infer<typeof Event>;
