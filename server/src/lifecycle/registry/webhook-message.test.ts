import { type Event, WEBHOOK_EVENTS } from "@causeway/contract";
import { describe, expect, it } from "vitest";
import { exampleMessage, messagesOf } from "./webhook-message.ts";
import { judgeAnswer } from "./webhook-verdict.ts";

const PROMPT = { "mlflow.prompt.is_prompt": "true" };
const modelWith = (tags: Record<string, string>) => ({ name: "churn", description: "", tags });

function event(type: Event["type"], data: Event["data"]): Event {
  return {
    id: "00000000-0000-7000-8000-000000000001",
    type,
    occurredAt: "2026-11-21T10:00:00.000Z",
    recordedAt: "2026-11-21T10:00:00.000Z",
    project: "default",
    environment: "prod",
    actor: { kind: "system", id: "test", name: "test" },
    subject: "/api/registry/models/churn",
    data,
  };
}

const told = (happened: Event, tags: Record<string, string> = {}) =>
  messagesOf(happened, { model: modelWith(tags), version: undefined });

describe("webhooks", () => {
  it("are told what a model had when it was made, whatever it has by now", () => {
    const made = event("registry.model-created", { model: "churn", tags: { a: "1" }, description: "d" });
    expect(told(made, { a: "2", b: "3" })).toEqual([
      { event: "registered_model.created", data: { name: "churn", tags: { a: "1" }, description: "d" } },
    ]);
  });

  it("are told of each tag, of versions only, and of those of prompts as such", () => {
    const changed = { model: "churn", version: 2, set: { a: "1", b: "2" }, removed: ["c"] };
    expect(told(event("registry.version-changed", changed)).map((one) => one.event)).toEqual([
      "model_version_tag.set",
      "model_version_tag.set",
      "model_version_tag.deleted",
    ]);
    const ofModel = event("registry.model-changed", { model: "churn", set: { a: "1" }, removed: [] });
    expect(told(ofModel)).toEqual([]);
    expect(told(ofModel, PROMPT)).toEqual([
      { event: "prompt_tag.set", data: { name: "churn", key: "a", value: "1" } },
    ]);
  });

  it("are told of the environment of an alias", () => {
    const moved = event("registry.version-assigned", {
      model: "churn",
      alias: "best",
      version: 3,
      previous: 2,
    });
    expect(told(moved)).toEqual([
      {
        event: "model_version_alias.created",
        data: { name: "churn", alias: "best", version: "3" },
        environment: "prod",
      },
    ]);
    const removed = event("registry.alias-removed", {
      model: "churn",
      alias: "best",
      version: null,
      previous: 3,
    });
    expect(told(removed, PROMPT)).toEqual([
      { event: "prompt_alias.deleted", data: { name: "churn", alias: "best" }, environment: "prod" },
    ]);
  });

  it("are told nothing of a model that is gone, nor of labels", () => {
    const made = event("registry.model-created", { model: "churn" });
    expect(messagesOf(made, { model: undefined, version: undefined })).toEqual([]);
    expect(
      told(event("registry.version-changed", { model: "churn", version: 1, stage: "archived" })),
    ).toEqual([]);
  });

  it.each(WEBHOOK_EVENTS)("are tried with an example of %s", (name) => {
    const example = exampleMessage(name);
    expect(example.event).toBe(name);
    expect(typeof example.data["name"]).toBe("string");
  });
});

it.each([
  [200, "arrived"],
  [204, "arrived"],
  [302, "failed"],
  [400, "failed"],
  [404, "failed"],
  [429, "again"],
  [500, "again"],
  [503, "again"],
])("an answer of %i means %s", (status, outcome) => {
  expect(judgeAnswer(status).outcome).toBe(outcome);
});
