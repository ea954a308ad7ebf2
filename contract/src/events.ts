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
  "registry.alias-rule-changed",
  "registry.gate-judged",
  "registry.approval-requested",
  "registry.approval-decided",
  "registry.approval-expired",
  "deployments.deployment-created",
  "deployments.deployment-changed",
  "deployments.deployment-ready",
  "deployments.deployment-failed",
  "deployments.deployment-deleted",
  "deployments.key-created",
  "deployments.key-revoked",
  "deployments.truth-recorded",
  "deployments.truth-refused",
  "deployments.log-pruned",
  "monitoring.monitor-created",
  "monitoring.monitor-changed",
  "monitoring.monitor-deleted",
  "monitoring.window-closed",
  "monitoring.window-restated",
  "monitoring.alert-raised",
  "monitoring.alert-acknowledged",
  "monitoring.alert-resolved",
  "retraining.policy-created",
  "retraining.policy-changed",
  "retraining.policy-deleted",
  "retraining.trigger-held",
  "retraining.cycle-started",
  "retraining.cycle-advanced",
  "retraining.cycle-ended",
  "platform.project-created",
  "platform.token-created",
  "platform.token-revoked",
  "platform.channel-created",
  "platform.channel-deleted",
  "platform.notification-failed",
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
