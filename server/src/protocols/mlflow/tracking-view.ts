import type {
  LoggedModel,
  LoggedModelState,
  TrackedExperiment,
  TrackedPoint,
  TrackedRun,
  TrackedState,
} from "../../lifecycle/experiments/index.ts";
import type { Call } from "../../platform/access/index.ts";
import { orLeftOut, toWireEntries, toWireNumber, toWireTime } from "./wire.ts";

/** States of a run by the names of the wire, with their numbers there. */
export const RUN_STATUSES = { RUNNING: 1, SCHEDULED: 2, FINISHED: 3, FAILED: 4, KILLED: 5 } as const;

const STATUS_OF: Record<TrackedState, keyof typeof RUN_STATUSES> = {
  running: "RUNNING",
  scheduled: "SCHEDULED",
  finished: "FINISHED",
  failed: "FAILED",
  killed: "KILLED",
};

/** What a run's state is called here. */
export const STATE_OF: Record<keyof typeof RUN_STATUSES, TrackedState> = {
  RUNNING: "running",
  SCHEDULED: "scheduled",
  FINISHED: "finished",
  FAILED: "failed",
  KILLED: "killed",
};

/** States of a logged model by the names of the wire, with their numbers there. */
export const MODEL_STATUSES = {
  LOGGED_MODEL_PENDING: 1,
  LOGGED_MODEL_READY: 2,
  LOGGED_MODEL_UPLOAD_FAILED: 3,
} as const;

const MODEL_STATUS_OF: Record<LoggedModelState, keyof typeof MODEL_STATUSES> = {
  pending: "LOGGED_MODEL_PENDING",
  ready: "LOGGED_MODEL_READY",
  "upload-failed": "LOGGED_MODEL_UPLOAD_FAILED",
};

/** What a logged model's state is called here. */
export const MODEL_STATE_OF: Record<keyof typeof MODEL_STATUSES, LoggedModelState> = {
  LOGGED_MODEL_PENDING: "pending",
  LOGGED_MODEL_READY: "ready",
  LOGGED_MODEL_UPLOAD_FAILED: "upload-failed",
};

const lifecycleStage = (deletedAt: Date | null): "active" | "deleted" =>
  deletedAt === null ? "active" : "deleted";

/** An experiment as it is answered. */
export function viewExperiment(experiment: TrackedExperiment, { scope }: Pick<Call, "scope">) {
  return {
    experiment_id: experiment.id,
    name: experiment.name,
    artifact_location: experiment.artifactLocation,
    lifecycle_stage: lifecycleStage(experiment.deletedAt),
    last_update_time: experiment.updatedAt.getTime(),
    creation_time: experiment.createdAt.getTime(),
    tags: toWireEntries(experiment.tags),
    workspace: scope.project,
  };
}

/** The head of a run as it is answered. */
export function viewRunInfo(run: TrackedRun) {
  return {
    run_id: run.id,
    run_uuid: run.id,
    run_name: run.name,
    experiment_id: run.experiment,
    user_id: run.user,
    status: STATUS_OF[run.state],
    start_time: run.startedAt.getTime(),
    end_time: toWireTime(run.endedAt),
    artifact_uri: run.artifactUri,
    lifecycle_stage: lifecycleStage(run.deletedAt),
  };
}

/** A run as it is answered: with the last point of each metric. */
export function viewRun(run: TrackedRun) {
  return {
    info: viewRunInfo(run),
    data: {
      metrics: orLeftOut(run.metrics.map(viewPoint)),
      params: toWireEntries(run.params),
      tags: toWireEntries(run.tags),
    },
    inputs: {
      dataset_inputs: orLeftOut(
        run.datasets.map(({ dataset, tags }) => ({
          tags: toWireEntries(tags),
          dataset: {
            name: dataset.name,
            digest: dataset.digest,
            source_type: dataset.sourceType,
            source: dataset.source,
            schema: dataset.schema ?? undefined,
            profile: dataset.profile ?? undefined,
          },
        })),
      ),
      model_inputs: orLeftOut(run.modelInputs.map((model) => ({ model_id: model }))),
    },
    outputs: {
      model_outputs: orLeftOut(run.modelOutputs.map(({ model, step }) => ({ model_id: model, step }))),
    },
  };
}

/** A point as it is answered. */
export function viewPoint({ name, value, step, atMs }: TrackedPoint) {
  return { key: name, value: toWireNumber(value), timestamp: atMs, step };
}

/** A logged model as it is answered. */
export function viewLoggedModel(model: LoggedModel) {
  return {
    info: {
      model_id: model.id,
      experiment_id: model.experiment,
      name: model.name,
      creation_timestamp_ms: model.createdAt.getTime(),
      last_updated_timestamp_ms: model.updatedAt.getTime(),
      artifact_uri: model.artifactUri,
      status: MODEL_STATUS_OF[model.state],
      model_type: model.modelType ?? undefined,
      source_run_id: model.sourceRun ?? undefined,
      status_message: model.stateMessage ?? undefined,
      tags: toWireEntries(model.tags),
    },
    data: {
      params: toWireEntries(model.params),
      metrics: orLeftOut(
        model.metrics.map((metric) => ({
          ...viewPoint(metric),
          dataset_name: metric.dataset?.name,
          dataset_digest: metric.dataset?.digest,
          model_id: model.id,
          run_id: metric.run,
        })),
      ),
    },
  };
}
