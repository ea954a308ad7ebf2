import { CausewayError } from "@causeway/contract";
import { z } from "zod";
import { isPrompt } from "../../lifecycle/registry/index.ts";
import type { Call } from "../../platform/access/index.ts";
import { mlflowError } from "./errors.ts";
import {
  checkNewAlias,
  checkRegistryTag,
  inWireWords,
  OneAlias,
  OneModel,
  RegistrySearch,
  readModelName,
  VersionNumber,
} from "./registry-input.ts";
import type { RegistryServices } from "./registry-services.ts";
import { readStage, viewModel, viewVersion } from "./registry-view.ts";
import { type MlflowRoute, mlflowRoute } from "./route.ts";
import { pageSize } from "./validation.ts";
import { fromWireEntries, orLeftOut, requiredText, WireEntry, wireList, wireText } from "./wire.ts";

const RESULTS = 100;
const MOST_RESULTS = 1_000;

const read = { permission: "registry:read" } as const;
const write = { permission: "registry:write" } as const;
/** What the token of a pipeline's step may do as well. */
const register = { permission: "registry:register" } as const;
const test = "E1/registry";

/** Registered models and their aliases on the wire. */
export function modelRoutes({ registry }: RegistryServices): MlflowRoute[] {
  async function answer(model: string, call: Call) {
    return { registered_model: viewModel(await registry.findModel({ model }, call)) };
  }

  async function latest({ name, stages }: { name: string; stages: readonly string[] }, call: Call) {
    const found = await registry.findNewest({ model: name, stages: stages.map(readStage) }, call);
    return { model_versions: orLeftOut(found.map((version) => viewVersion(version))) };
  }

  /** Says whether the name is a prompt's or a model's, so that nobody looks for it in the wrong place. */
  async function explainTaken(error: unknown, given: { name: string; prompt: boolean }, call: Call) {
    if (!(error instanceof CausewayError) || error.code !== "ALREADY_EXISTS") return error;
    const { tags } = await registry.findModel({ model: given.name }, call);
    const [old, young] = [isPrompt(tags), given.prompt].map((prompt) =>
      prompt ? "Prompt" : "Registered Model",
    );
    const text =
      old === young
        ? `${young} (name=${given.name}) already exists.`
        : `Tried to create a ${young?.toLowerCase()} with name '${given.name}', but the name is already taken by a ${old?.toLowerCase()}. MLflow does not allow creating a model and a prompt with the same name.`;
    return mlflowError("RESOURCE_ALREADY_EXISTS", text, error);
  }

  const InLatest = OneModel.extend({ stages: wireList(z.string()) });
  const InTag = OneModel.extend({ key: requiredText });

  return [
    mlflowRoute({
      ...register,
      method: "POST",
      path: "/2.0/mlflow/registered-models/create",
      input: OneModel.extend({ tags: wireList(WireEntry), description: wireText }),
      async handle({ name, tags, description = "" }, call) {
        for (const { key, value } of tags) checkRegistryTag(key, value);
        const model = { name, description, tags: fromWireEntries(tags) };
        const prompt = isPrompt(model.tags);
        await registry.createModel(model, call).catch(async (error: unknown) => {
          throw await explainTaken(error, { name, prompt }, call);
        });
        return answer(name, call);
      },
      test,
    }),
    mlflowRoute({
      ...write,
      method: "POST",
      path: "/2.0/mlflow/registered-models/rename",
      input: OneModel.extend({ new_name: requiredText }),
      async handle({ name, new_name }, call) {
        const to = readModelName(new_name);
        await inWireWords({ name }, registry.renameModel({ model: name, to }, call)).catch(
          (error: unknown) => {
            if (!(error instanceof CausewayError) || error.code !== "ALREADY_EXISTS") throw error;
            throw mlflowError(
              "RESOURCE_ALREADY_EXISTS",
              `Registered Model (name=${to}) already exists.`,
              error,
            );
          },
        );
        return answer(to, call);
      },
      test,
    }),
    mlflowRoute({
      ...write,
      method: "PATCH",
      path: "/2.0/mlflow/registered-models/update",
      input: OneModel.extend({ description: wireText }),
      async handle({ name, description = "" }, call) {
        await registry.updateModel({ model: name, description }, call);
        return answer(name, call);
      },
      test,
    }),
    mlflowRoute({
      ...write,
      method: "DELETE",
      path: "/2.0/mlflow/registered-models/delete",
      input: OneModel,
      handle: ({ name }, call) => inWireWords({ name }, registry.deleteModel({ model: name }, call)),
      test,
    }),
    mlflowRoute({
      ...read,
      method: "GET",
      path: "/2.0/mlflow/registered-models/get",
      input: OneModel,
      handle: ({ name }, call) => answer(name, call),
      test,
    }),
    mlflowRoute({
      ...read,
      method: "GET",
      path: "/2.0/mlflow/registered-models/search",
      input: RegistrySearch,
      async handle({ filter = "", max_results, order_by, page_token: after }, call) {
        const limit = pageSize(max_results, { otherwise: RESULTS, most: MOST_RESULTS });
        const { items, next } = await registry.searchModels(
          { filter, orderBy: order_by, limit, after },
          call,
        );
        return { registered_models: orLeftOut(items.map(viewModel)), next_page_token: next ?? undefined };
      },
      test,
    }),
    ...(["POST", "GET"] as const).map((method) =>
      mlflowRoute({
        ...read,
        method,
        path: "/2.0/mlflow/registered-models/get-latest-versions",
        input: InLatest,
        handle: latest,
        test,
      }),
    ),
    mlflowRoute({
      ...write,
      method: "POST",
      path: "/2.0/mlflow/registered-models/set-tag",
      input: InTag.extend({ value: wireText }),
      async handle({ name, key, value = "" }, call) {
        checkRegistryTag(key, value);
        await registry.updateModel({ model: name, tags: { [key]: value } }, call);
      },
      test,
    }),
    mlflowRoute({
      ...write,
      method: "DELETE",
      path: "/2.0/mlflow/registered-models/delete-tag",
      input: InTag,
      async handle({ name, key }, call) {
        checkRegistryTag(key, "");
        await registry.updateModel({ model: name, removeTags: [key] }, call);
      },
      test,
    }),
    mlflowRoute({
      ...write,
      method: "POST",
      path: "/2.0/mlflow/registered-models/alias",
      input: OneAlias.extend({ version: VersionNumber }),
      async handle({ name, alias, version }, call) {
        checkNewAlias(alias);
        await inWireWords(
          { name, version, alias },
          registry.assignAlias({ model: name, alias, version }, call),
        );
      },
      test,
    }),
    mlflowRoute({
      ...write,
      method: "DELETE",
      path: "/2.0/mlflow/registered-models/alias",
      input: OneAlias,
      async handle({ name, alias }, call) {
        const { aliases } = await registry.findModel({ model: name }, call);
        // An alias that is not there is as removed as one can be.
        if (!aliases.some((one) => one.alias === alias)) return {};
        return inWireWords({ name, alias }, registry.removeAlias({ model: name, alias }, call));
      },
      test,
    }),
    mlflowRoute({
      ...read,
      method: "GET",
      path: "/2.0/mlflow/registered-models/alias",
      input: OneAlias,
      async handle({ name, alias }, call) {
        const found = await inWireWords({ name, alias }, registry.findAliased({ model: name, alias }, call));
        return { model_version: viewVersion(found) };
      },
      test,
    }),
  ];
}
