import { z } from "zod";
import { endpoint } from "./endpoint.ts";
import { Actor, Paging, page, Timestamp } from "./resource.ts";

/** What a webhook can be told of, in the words of MLflow: `<entity>.<action>`. */
export const WEBHOOK_EVENTS = [
  "registered_model.created",
  "model_version.created",
  "model_version_tag.set",
  "model_version_tag.deleted",
  "model_version_alias.created",
  "model_version_alias.deleted",
  "prompt.created",
  "prompt_version.created",
  "prompt_tag.set",
  "prompt_tag.deleted",
  "prompt_version_tag.set",
  "prompt_version_tag.deleted",
  "prompt_alias.created",
  "prompt_alias.deleted",
] as const;
export const WebhookEvent = z.enum(WEBHOOK_EVENTS);
export type WebhookEvent = z.infer<typeof WebhookEvent>;

export const WebhookStatus = z.enum(["active", "disabled"]);
export type WebhookStatus = z.infer<typeof WebhookStatus>;

const WebhookName = z
  .string()
  .regex(
    /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/,
    "letters, digits, '.', '_' or '-', at most 63, a letter or digit at both ends",
  );

/** An address that is told of changes of models. Its secret is never shown again. */
export const Webhook = z.object({
  id: z.uuid(),
  name: WebhookName,
  url: z.string(),
  events: z.array(WebhookEvent).min(1),
  description: z.string(),
  status: WebhookStatus,
  /** True where its messages are signed with a secret. */
  signed: z.boolean(),
  createdAt: Timestamp,
  updatedAt: Timestamp,
  createdBy: Actor,
});
export type Webhook = z.infer<typeof Webhook>;

/** One message to a webhook. */
export const WebhookDelivery = z.object({
  id: z.uuid(),
  event: WebhookEvent,
  state: z.enum(["queued", "sent", "failed"]),
  attempts: z.int(),
  /** Status of the last answer; null where none came. */
  status: z.int().nullable(),
  problem: z.string().nullable(),
  createdAt: Timestamp,
  endedAt: Timestamp.nullable(),
});
export type WebhookDelivery = z.infer<typeof WebhookDelivery>;

/** What a webhook answered to a trial. */
export const WebhookTrial = z.object({
  success: z.boolean(),
  status: z.int().nullable(),
  /** The beginning of the answer as plain text. */
  answer: z.string().nullable(),
  problem: z.string().nullable(),
});
export type WebhookTrial = z.infer<typeof WebhookTrial>;

const InWebhook = z.object({ webhook: z.uuid() });
const Settings = {
  name: WebhookName,
  url: z.url().max(2_048),
  events: z.array(WebhookEvent).min(1).max(WEBHOOK_EVENTS.length),
  description: z.string().max(1_000),
  status: WebhookStatus,
  /** Messages are signed with it. */
  secret: z.string().min(1).max(1_000),
};

/** Webhooks: who is told of changes of models, and what arrived. */
export const registryWebhooks = {
  createWebhook: endpoint({
    method: "POST",
    path: "/api/registry/webhooks",
    permission: "registry:write",
    summary: "Tells an address of changes of models from now on; messages are signed with the secret.",
    input: z.object({
      ...Settings,
      description: Settings.description.default(""),
      status: Settings.status.default("active"),
      secret: Settings.secret.optional(),
    }),
    output: Webhook,
  }),
  listWebhooks: endpoint({
    method: "GET",
    path: "/api/registry/webhooks",
    permission: "registry:read",
    summary: "Webhooks of the project, newest first.",
    input: Paging,
    output: page(Webhook),
  }),
  getWebhook: endpoint({
    method: "GET",
    path: "/api/registry/webhooks/:webhook",
    permission: "registry:read",
    summary: "A webhook; its secret is not shown.",
    input: InWebhook,
    output: Webhook,
  }),
  updateWebhook: endpoint({
    method: "PATCH",
    path: "/api/registry/webhooks/:webhook",
    permission: "registry:write",
    summary: "Changes a webhook; what is absent stays as it is.",
    input: InWebhook.extend(z.object(Settings).partial().shape),
    output: Webhook,
  }),
  deleteWebhook: endpoint({
    method: "DELETE",
    path: "/api/registry/webhooks/:webhook",
    permission: "registry:write",
    summary: "Removes a webhook with its messages and its secret.",
    input: InWebhook,
    output: z.object({}),
  }),
  testWebhook: endpoint({
    method: "POST",
    path: "/api/registry/webhooks/:webhook/test",
    permission: "registry:write",
    summary: "Sends an example of an event once, and tells what came back.",
    input: InWebhook.extend({ event: WebhookEvent.optional() }),
    output: WebhookTrial,
    repeatable: true,
  }),
  listWebhookDeliveries: endpoint({
    method: "GET",
    path: "/api/registry/webhooks/:webhook/deliveries",
    permission: "registry:read",
    summary: "Messages to a webhook, newest first, with what became of them.",
    input: InWebhook.extend(Paging.shape),
    output: page(WebhookDelivery),
  }),
};
