import {
  type Event,
  type Json,
  type ModelVersion,
  RegistryTags,
  type WebhookEvent,
} from "@causeway/contract";
import { z } from "zod";
import { isPrompt, ownPromptTags, promptText } from "./prompt.ts";
import type { StoredModel } from "./registry-store.ts";
import { sourceAddress } from "./version-address.ts";

/** What a webhook is told. */
export type WebhookMessage = {
  readonly event: WebhookEvent;
  readonly data: Readonly<Record<string, Json>>;
  /** Of an alias, which means another version in each. Beside the data, whose fields are those of MLflow. */
  readonly environment?: string | null;
};

/** What is known of the thing that an event is about; undefined where it is gone by now. */
export type MessageContext = {
  readonly model: Pick<StoredModel, "name" | "description" | "tags"> | undefined;
  readonly version: Omit<ModelVersion, "aliases"> | undefined;
};

const Change = z.object({
  model: z.string(),
  version: z.int().nullish(),
  alias: z.string().optional(),
  set: RegistryTags.default({}),
  removed: z.array(z.string()).default([]),
  /** As they were at that moment; both may have changed since. */
  tags: RegistryTags.optional(),
  description: z.string().optional(),
});

/** What an event of the registry is to webhooks; nothing for most of them. */
export function messagesOf(event: Event, { model, version }: MessageContext): WebhookMessage[] {
  if (model === undefined) return [];
  const change = Change.parse(event.data);
  const name = change.model;
  const prompt = isPrompt(model.tags);
  const number =
    change.version === undefined || change.version === null ? {} : { version: String(change.version) };
  const tagMessages = (kind: "prompt_tag" | "prompt_version_tag" | "model_version_tag"): WebhookMessage[] => [
    ...Object.entries(change.set).map(
      ([key, value]) => ({ event: `${kind}.set`, data: { name, ...number, key, value } }) as const,
    ),
    ...change.removed.map((key) => ({ event: `${kind}.deleted`, data: { name, ...number, key } }) as const),
  ];
  switch (event.type) {
    case "registry.model-created": {
      const given = change.tags ?? model.tags;
      const tags = prompt ? ownPromptTags(given) : given;
      const made = prompt ? "prompt.created" : "registered_model.created";
      const description = textOf(change.description ?? model.description);
      return [{ event: made, data: { name, tags, description } }];
    }
    case "registry.version-registered": {
      if (version === undefined) return [];
      const { tags = version.tags, description = version.description } = change;
      const made = { ...version, tags, description };
      return [prompt ? promptMade(made) : versionMade(made)];
    }
    case "registry.model-changed":
      return prompt ? tagMessages("prompt_tag") : [];
    case "registry.version-changed":
      return tagMessages(prompt ? "prompt_version_tag" : "model_version_tag");
    case "registry.version-assigned":
    case "registry.alias-removed": {
      const gone = event.type === "registry.alias-removed";
      const kind = prompt ? "prompt_alias" : "model_version_alias";
      const data = { name, alias: change.alias ?? "", ...(gone ? {} : number) };
      return [{ event: `${kind}.${gone ? "deleted" : "created"}`, data, environment: event.environment }];
    }
    default:
      return [];
  }
}

function versionMade(version: Omit<ModelVersion, "aliases">): WebhookMessage {
  const { model, run, tags, description } = version;
  const facts = { name: model, version: String(version.version), source: sourceAddress(version) };
  return {
    event: "model_version.created",
    data: { ...facts, run_id: run, tags, description: textOf(description) },
  };
}

function promptMade({ model, version, tags, description }: Omit<ModelVersion, "aliases">): WebhookMessage {
  const facts = { name: model, version: String(version), template: promptText(tags) };
  return {
    event: "prompt_version.created",
    data: { ...facts, tags: ownPromptTags(tags), description: textOf(description) },
  };
}

/** A description as the wire of webhooks has it: null where there is none. */
function textOf(description: string): string | null {
  return description === "" ? null : description;
}

/** A message of the shape of an event, for trials. */
export function exampleMessage(event: WebhookEvent): WebhookMessage {
  const [entity = "", action] = event.split(".");
  const name = entity.startsWith("prompt") ? "example_prompt" : "example_model";
  const version = entity.includes("version") || (entity.endsWith("alias") && action === "created");
  const numbered = version ? { name, version: "1" } : { name };
  const described = {
    tags: { example_key: "example_value" },
    description: `An example ${entity.replaceAll("_", " ")}`,
  };
  if (entity.endsWith("_tag")) {
    const value = action === "set" ? { value: "example_value" } : {};
    return { event, data: { ...numbered, key: "example_key", ...value } };
  }
  if (entity.endsWith("_alias")) {
    const data = action === "created" ? { name, version: "1" } : { name };
    return { event, data: { ...data, alias: "example_alias" } };
  }
  if (entity === "model_version")
    return { event, data: { ...numbered, source: "models:/123", run_id: "abcd1234abcd5678", ...described } };
  if (entity === "prompt_version")
    return { event, data: { ...numbered, template: "Hello {{name}}!", ...described } };
  return { event, data: { name, ...described } };
}
