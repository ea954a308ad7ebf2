import { z } from "zod";
import type { Tracking } from "../../lifecycle/experiments/index.ts";
import { mlflowError } from "./errors.ts";
import { missingValue } from "./refusals.ts";
import { type MlflowRoute, mlflowRoute } from "./route.ts";
import { MODEL_STATE_OF, MODEL_STATUSES, viewLoggedModel } from "./tracking-view.ts";
import { checkLoggedModelName, experimentId, pageSize } from "./validation.ts";
import {
  fromWireEntries,
  orLeftOut,
  requiredText,
  WireEntry,
  wireBoolean,
  wireEnum,
  wireInteger,
  wireList,
  wireText,
} from "./wire.ts";

const RESULTS = 50;
const MOST_RESULTS = 50_000;

const read = { permission: "experiments:read" } as const;
const write = { permission: "experiments:write" } as const;
const test = "E1/logged-models";

const OneModel = z.object({ model_id: requiredText });

/** Logged models on the wire. */
export function loggedModelRoutes(tracking: Tracking): MlflowRoute[] {
  return [
    mlflowRoute({
      ...write,
      method: "POST",
      path: "/2.0/mlflow/logged-models",
      input: z.object({
        experiment_id: requiredText,
        name: wireText,
        model_type: wireText,
        source_run_id: wireText,
        params: wireList(WireEntry),
        tags: wireList(WireEntry),
      }),
      async handle({ experiment_id, name, model_type, source_run_id, params, tags }, call) {
        if (name !== undefined) checkLoggedModelName(name);
        const model = await tracking.createLoggedModel(
          {
            experiment: experimentId(experiment_id),
            name: given(name),
            modelType: given(model_type),
            sourceRun: given(source_run_id),
            params: fromWireEntries(params),
            tags: fromWireEntries(tags),
          },
          call,
        );
        return { model: viewLoggedModel(model) };
      },
      test,
    }),
    mlflowRoute({
      ...read,
      method: "POST",
      path: "/2.0/mlflow/logged-models/search",
      input: z.object({
        experiment_ids: wireList(z.string()),
        filter: wireText,
        datasets: wireList(z.object({ dataset_name: wireText, dataset_digest: wireText })),
        max_results: wireInteger,
        order_by: wireList(
          z.object({
            field_name: requiredText,
            ascending: wireBoolean,
            dataset_name: wireText,
            dataset_digest: wireText,
          }),
        ),
        page_token: wireText,
      }),
      async handle(input, call) {
        if (input.experiment_ids.length === 0) throw missingValue("experiment_ids");
        const { items, next } = await tracking.searchLoggedModels(
          {
            experiments: input.experiment_ids.map(experimentId),
            filter: input.filter ?? "",
            datasets: input.datasets.map(({ dataset_name, dataset_digest }) => ({
              name: requiredDataset(dataset_name),
              digest: given(dataset_digest),
            })),
            orderBy: input.order_by.map(({ field_name, ascending = true, dataset_name, dataset_digest }) => ({
              field: field_name,
              ascending,
              ...(given(dataset_name) === undefined
                ? {}
                : { dataset: { name: requiredDataset(dataset_name), digest: given(dataset_digest) } }),
            })),
            // A page of none is the usual one, as an unset field reads.
            limit: pageSize(input.max_results === 0 ? undefined : input.max_results, {
              otherwise: RESULTS,
              most: MOST_RESULTS,
            }),
            after: given(input.page_token),
          },
          call,
        );
        return { models: orLeftOut(items.map(viewLoggedModel)), next_page_token: next ?? undefined };
      },
      test,
    }),
    mlflowRoute({
      ...read,
      method: "GET",
      path: "/2.0/mlflow/logged-models/:model_id",
      input: OneModel.extend({ allow_deleted: wireBoolean }),
      handle: async ({ model_id: model, allow_deleted: deleted = false }, call) => ({
        model: viewLoggedModel(await tracking.getLoggedModel({ model, deleted }, call)),
      }),
      test,
    }),
    mlflowRoute({
      ...write,
      method: "PATCH",
      path: "/2.0/mlflow/logged-models/:model_id",
      input: OneModel.extend({ status: wireEnum(MODEL_STATUSES) }),
      async handle({ model_id: model, status }, call) {
        if (status === undefined) throw missingValue("status");
        const state = MODEL_STATE_OF[status];
        return { model: viewLoggedModel(await tracking.finishLoggedModel({ model, state }, call)) };
      },
      test,
    }),
    mlflowRoute({
      ...write,
      method: "DELETE",
      path: "/2.0/mlflow/logged-models/:model_id",
      input: OneModel,
      handle: ({ model_id: model }, call) => tracking.deleteLoggedModel({ model }, call),
      test,
    }),
    mlflowRoute({
      ...write,
      method: "PATCH",
      path: "/2.0/mlflow/logged-models/:model_id/tags",
      input: OneModel.extend({ tags: wireList(WireEntry) }),
      async handle({ model_id: model, tags }, call) {
        await tracking.setLoggedModelTags({ model, set: fromWireEntries(tags), remove: [] }, call);
      },
      test,
    }),
    mlflowRoute({
      ...write,
      method: "DELETE",
      path: "/2.0/mlflow/logged-models/:model_id/tags/:tag_key",
      input: OneModel.extend({ tag_key: requiredText }),
      async handle({ model_id: model, tag_key: key }, call) {
        const { tags } = await tracking.getLoggedModel({ model }, call);
        if (!Object.hasOwn(tags, key)) {
          throw mlflowError(
            "RESOURCE_DOES_NOT_EXIST",
            `No tag with key '${key}' found for model with ID '${model}'.`,
          );
        }
        await tracking.setLoggedModelTags({ model, set: {}, remove: [key] }, call);
      },
      test,
    }),
    mlflowRoute({
      ...write,
      method: "POST",
      path: "/2.0/mlflow/logged-models/:model_id/params",
      input: OneModel.extend({ params: wireList(WireEntry) }),
      handle: ({ model_id: model, params }, call) =>
        tracking.addLoggedModelParams({ model, params: fromWireEntries(params) }, call),
      test,
    }),
  ];
}

/** Text that was given; the empty one is none. */
const given = (text: string | undefined): string | undefined => (text === "" ? undefined : text);

function requiredDataset(name: string | undefined): string {
  if (name !== undefined && name !== "") return name;
  throw mlflowError("INVALID_PARAMETER_VALUE", "`dataset_name` in the `datasets` clause must be specified.");
}
