import { CausewayError } from "@causeway/contract";
import { z } from "zod";
import type { Tracking } from "../../lifecycle/experiments/index.ts";
import { mlflowError } from "./errors.ts";
import { type MlflowRoute, mlflowRoute } from "./route.ts";
import { viewExperiment } from "./tracking-view.ts";
import {
  checkArtifactLocation,
  checkExperimentName,
  checkExperimentTag,
  experimentId,
  pageSize,
} from "./validation.ts";
import {
  fromWireEntries,
  orLeftOut,
  requiredText,
  VIEW_TYPES,
  VIEWS,
  WireEntry,
  wireEnum,
  wireInteger,
  wireList,
  wireText,
} from "./wire.ts";

const MOST_RESULTS = 50_000;
const MOST_DATASET_EXPERIMENTS = 20;

const read = { permission: "experiments:read" } as const;
const write = { permission: "experiments:write" } as const;

const OneExperiment = z.object({ experiment_id: requiredText.transform(experimentId) });

/** Experiments on the wire. */
export function experimentRoutes(tracking: Tracking): MlflowRoute[] {
  const search = mlflowRoute({
    ...read,
    method: "POST",
    path: "/2.0/mlflow/experiments/search",
    input: z.object({
      max_results: wireInteger,
      page_token: wireText,
      filter: wireText,
      order_by: wireList(z.string()),
      view_type: wireEnum(VIEW_TYPES),
    }),
    async handle(input, call) {
      const { items, next } = await tracking.searchExperiments(
        {
          filter: input.filter ?? "",
          orderBy: input.order_by,
          view: VIEWS[input.view_type ?? "ACTIVE_ONLY"],
          limit: pageSize(input.max_results, { most: MOST_RESULTS }),
          after: input.page_token,
        },
        call,
      );
      return {
        experiments: orLeftOut(items.map((one) => viewExperiment(one, call))),
        next_page_token: next ?? undefined,
      };
    },
    test: "E1/search",
  });

  const searchDatasets = mlflowRoute({
    ...read,
    method: "POST",
    path: "/2.0/mlflow/experiments/search-datasets",
    input: z.object({ experiment_ids: wireList(z.string()) }),
    async handle({ experiment_ids: ids }, call) {
      if (ids.length === 0) {
        throw mlflowError(
          "INVALID_PARAMETER_VALUE",
          "SearchDatasets request must specify at least one experiment_id.",
        );
      }
      if (ids.length > MOST_DATASET_EXPERIMENTS) {
        throw mlflowError(
          "INVALID_PARAMETER_VALUE",
          `SearchDatasets request cannot specify more than ${MOST_DATASET_EXPERIMENTS} experiment_ids. Received ${ids.length} experiment_ids.`,
        );
      }
      const found = await tracking.searchDatasets({ experiments: ids.map(experimentId) }, call);
      return {
        dataset_summaries: orLeftOut(
          found.map(({ experiment, name, digest, context }) => ({
            experiment_id: experiment,
            name,
            digest,
            context: context ?? undefined,
          })),
        ),
      };
    },
    test: "E1/datasets",
  });

  return [
    mlflowRoute({
      ...write,
      method: "POST",
      path: "/2.0/mlflow/experiments/create",
      input: z.object({ name: requiredText, artifact_location: wireText, tags: wireList(WireEntry) }),
      async handle({ name, artifact_location: location, tags }, call) {
        checkExperimentName(name);
        for (const { key, value } of tags) checkExperimentTag(key, value);
        if (location !== undefined && location !== "") checkArtifactLocation(location);
        const artifactLocation = location === "" ? undefined : location;
        const made = await tracking
          .createExperiment({ name, artifactLocation, tags: fromWireEntries(tags) }, call)
          .catch((error: unknown) => {
            throw inWordsOfTaken(name, error);
          });
        return { experiment_id: made.id };
      },
      test: "E1/client",
    }),
    search,
    { ...search, method: "GET" },
    mlflowRoute({
      ...read,
      method: "GET",
      path: "/2.0/mlflow/experiments/get",
      input: OneExperiment,
      handle: async ({ experiment_id: id }, call) => ({
        experiment: viewExperiment(await tracking.getExperiment({ id }, call), call),
      }),
      test: "E1/client",
    }),
    mlflowRoute({
      ...read,
      method: "GET",
      path: "/2.0/mlflow/experiments/get-by-name",
      input: z.object({ experiment_name: requiredText }),
      async handle({ experiment_name: name }, call) {
        try {
          return { experiment: viewExperiment(await tracking.getExperiment({ name }, call), call) };
        } catch (error) {
          throw error instanceof CausewayError && error.code === "NOT_FOUND"
            ? mlflowError("RESOURCE_DOES_NOT_EXIST", `Could not find experiment with name '${name}'`, error)
            : error;
        }
      },
      test: "E1/client",
    }),
    mlflowRoute({
      ...write,
      method: "POST",
      path: "/2.0/mlflow/experiments/delete",
      input: OneExperiment,
      handle: ({ experiment_id: id }, call) => tracking.deleteExperiment({ id }, call),
      test: "E1/client",
    }),
    mlflowRoute({
      ...write,
      method: "POST",
      path: "/2.0/mlflow/experiments/restore",
      input: OneExperiment,
      handle: ({ experiment_id: id }, call) => tracking.restoreExperiment({ id }, call),
      test: "E1/client",
    }),
    mlflowRoute({
      ...write,
      method: "POST",
      path: "/2.0/mlflow/experiments/update",
      input: OneExperiment.extend({ new_name: requiredText }),
      async handle({ experiment_id: id, new_name: name }, call) {
        checkExperimentName(name);
        await tracking.renameExperiment({ id, name }, call);
      },
      test: "E1/client",
    }),
    mlflowRoute({
      ...write,
      method: "POST",
      path: "/2.0/mlflow/experiments/set-experiment-tag",
      input: OneExperiment.extend({ key: requiredText, value: wireText }),
      async handle({ experiment_id: id, key, value = "" }, call) {
        checkExperimentTag(key, value);
        await tracking.setExperimentTags({ id, set: { [key]: value }, remove: [] }, call);
      },
      test: "E1/client",
    }),
    mlflowRoute({
      ...write,
      method: "POST",
      path: "/2.0/mlflow/experiments/delete-experiment-tag",
      input: OneExperiment.extend({ key: requiredText }),
      async handle({ experiment_id: id, key }, call) {
        const { tags, deletedAt } = await tracking.getExperiment({ id }, call);
        if (deletedAt === null && !Object.hasOwn(tags, key)) {
          throw mlflowError(
            "RESOURCE_DOES_NOT_EXIST",
            `No tag with name: ${key} in experiment with id ${id}`,
          );
        }
        await tracking.setExperimentTags({ id, set: {}, remove: [key] }, call);
      },
      test: "E1/client",
    }),
    searchDatasets,
    // As the definition of the wire has it, without the slash.
    { ...searchDatasets, path: "/2.0mlflow/experiments/search-datasets" },
  ];
}

/** A name that is taken, in MLflow's words, with the way out that the stage gives. */
function inWordsOfTaken(name: string, error: unknown): unknown {
  if (!(error instanceof CausewayError && error.code === "ALREADY_EXISTS")) return error;
  const text = `Experiment(name=${name}) already exists. ${error.help ?? ""}`.trimEnd();
  return mlflowError("RESOURCE_ALREADY_EXISTS", text, error);
}
