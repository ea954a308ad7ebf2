import { type Webhook, WebhookEvent } from "@causeway/contract";
import { z } from "zod";
import type { Webhooks } from "../../lifecycle/registry/index.ts";
import { mlflowError } from "./errors.ts";
import { type MlflowRoute, mlflowRoute } from "./route.ts";
import { pageSize } from "./validation.ts";
import { orLeftOut, requiredText, wireEnum, wireInteger, wireList, wireText } from "./wire.ts";

const RESULTS = 100;
const MOST_RESULTS = 1_000;

/** Members of the wire's closed sets, with their numbers there. */
const ENTITIES = {
  REGISTERED_MODEL: 1,
  MODEL_VERSION: 2,
  MODEL_VERSION_TAG: 3,
  MODEL_VERSION_ALIAS: 4,
  PROMPT: 5,
  PROMPT_VERSION: 6,
  PROMPT_TAG: 7,
  PROMPT_VERSION_TAG: 8,
  PROMPT_ALIAS: 9,
  BUDGET_POLICY: 10,
} as const;
const ACTIONS = { CREATED: 1, UPDATED: 2, DELETED: 3, SET: 4, EXCEEDED: 5 } as const;
const STATUSES = { ACTIVE: 1, DISABLED: 2 } as const;

const WireEvent = z.object({ entity: wireEnum(ENTITIES), action: wireEnum(ACTIONS) });
const OneWebhook = z.object({ webhook_id: requiredText.transform(readId) });

const read = { permission: "registry:read" } as const;
const write = { permission: "registry:write" } as const;
const test = "R8/webhooks";
const base = "/2.0/mlflow/webhooks";

/** Webhooks on the wire. */
export function webhookRoutes({ registry }: { readonly registry: Webhooks }): MlflowRoute[] {
  const Settings = z.object({
    name: wireText,
    url: wireText,
    description: wireText,
    secret: wireText,
    status: wireEnum(STATUSES),
    events: wireList(WireEvent),
  });

  return [
    mlflowRoute({
      ...write,
      method: "POST",
      path: base,
      input: Settings.extend({ name: requiredText, url: requiredText }),
      async handle({ name, url, description = "", status = "ACTIVE", secret, events }, call) {
        const webhook = await registry.createWebhook(
          {
            name: readName(name),
            url: readUrl(url),
            events: readEvents(events),
            description,
            status: STATUS_OF[status],
            ...(secret === undefined || secret === "" ? {} : { secret }),
          },
          call,
        );
        return { webhook: viewWebhook(webhook) };
      },
      test,
    }),
    mlflowRoute({
      ...read,
      method: "GET",
      path: base,
      input: z.object({ max_results: wireInteger, page_token: wireText }),
      async handle({ max_results, page_token }, call) {
        const limit = pageSize(max_results === 0 ? undefined : max_results, {
          otherwise: RESULTS,
          most: MOST_RESULTS,
        });
        const after = page_token === "" ? undefined : page_token;
        const { items, next } = await registry.listWebhooks({ limit, after }, call);
        return { webhooks: orLeftOut(items.map(viewWebhook)), next_page_token: next ?? undefined };
      },
      test,
    }),
    mlflowRoute({
      ...read,
      method: "GET",
      path: `${base}/:webhook_id`,
      input: OneWebhook,
      handle: async ({ webhook_id: webhook }, call) => ({
        webhook: viewWebhook(await registry.getWebhook({ webhook }, call)),
      }),
      test,
    }),
    mlflowRoute({
      ...write,
      method: "PATCH",
      path: `${base}/:webhook_id`,
      input: OneWebhook.extend(Settings.shape),
      async handle({ webhook_id, name, url, description, status, secret, events }, call) {
        const changed = await registry.updateWebhook(
          {
            webhook: webhook_id,
            ...(name === undefined ? {} : { name: readName(name) }),
            ...(url === undefined ? {} : { url: readUrl(url) }),
            ...(events.length === 0 ? {} : { events: readEvents(events) }),
            ...(description === undefined ? {} : { description }),
            ...(status === undefined ? {} : { status: STATUS_OF[status] }),
            ...(secret === undefined || secret === "" ? {} : { secret }),
          },
          call,
        );
        return { webhook: viewWebhook(changed) };
      },
      test,
    }),
    mlflowRoute({
      ...write,
      method: "DELETE",
      path: `${base}/:webhook_id`,
      input: OneWebhook,
      handle: ({ webhook_id: webhook }, call) => registry.deleteWebhook({ webhook }, call),
      test,
    }),
    mlflowRoute({
      ...write,
      method: "POST",
      path: `${base}/:webhook_id/test`,
      input: OneWebhook.extend({ event: WireEvent.nullish() }),
      async handle({ webhook_id: webhook, event }, call) {
        const [asked] = event === null || event === undefined ? [] : readEvents([event]);
        const trial = await registry.testWebhook({ webhook, event: asked }, call);
        return {
          result: {
            success: trial.success,
            response_status: trial.status ?? undefined,
            response_body: trial.answer ?? undefined,
            error_message: trial.problem ?? undefined,
          },
        };
      },
      test,
    }),
  ];
}

const STATUS_OF = { ACTIVE: "active", DISABLED: "disabled" } as const;

function viewWebhook(webhook: Webhook) {
  return {
    webhook_id: webhook.id,
    name: webhook.name,
    url: webhook.url,
    events: webhook.events.map((event) => {
      const [entity = "", action = ""] = event.toUpperCase().split(".");
      return { entity, action };
    }),
    description: webhook.description === "" ? undefined : webhook.description,
    status: webhook.status.toUpperCase(),
    creation_timestamp: new Date(webhook.createdAt).getTime(),
    last_updated_timestamp: new Date(webhook.updatedAt).getTime(),
  };
}

type GivenEvent = z.output<typeof WireEvent>;

function readEvents(given: readonly GivenEvent[]): WebhookEvent[] {
  if (given.length === 0) {
    throw mlflowError(
      "INVALID_PARAMETER_VALUE",
      "Webhook events must be a non-empty list of WebhookEvent objects: [].",
    );
  }
  const events = given.map(({ entity = "", action = "" }) => {
    const event = WebhookEvent.safeParse(`${entity}.${action}`.toLowerCase());
    if (event.success) return event.data;
    throw mlflowError(
      "INVALID_PARAMETER_VALUE",
      `Invalid action '${action.toLowerCase()}' for entity '${entity.toLowerCase()}'. Events here are ${WebhookEvent.options.join(", ")}.`,
    );
  });
  return [...new Set(events)];
}

function readName(name: string): string {
  if (/^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/.test(name)) return name;
  throw mlflowError(
    "INVALID_PARAMETER_VALUE",
    `Webhook name '${name}' is invalid. It must start and end with a letter or digit, be at most 63 characters long, and contain only letters, digits, dots (.), underscores (_), and hyphens (-).`,
  );
}

function readUrl(url: string): string {
  if (url.trim() === "") {
    throw mlflowError("INVALID_PARAMETER_VALUE", `Webhook URL cannot be empty or just whitespace: '${url}'`);
  }
  const parsed = URL.parse(url);
  if (parsed === null) throw mlflowError("INVALID_PARAMETER_VALUE", `Invalid webhook URL '${url}'`);
  if (!/^https?:$/.test(parsed.protocol)) {
    throw mlflowError(
      "INVALID_PARAMETER_VALUE",
      `Invalid webhook URL scheme: '${parsed.protocol.slice(0, -1)}'. Allowed schemes are: https.`,
    );
  }
  return url;
}

/** Ids of webhooks are UUIDs: of any other text there is none. */
function readId(id: string): string {
  if (z.uuid().safeParse(id).success) return id;
  throw mlflowError("RESOURCE_DOES_NOT_EXIST", `Webhook with ID ${id} not found.`);
}
