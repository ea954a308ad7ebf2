import type { Database } from "../../platform/database/index.ts";
import { createLoggedModels, type LoggedModelsParts } from "./logged-models-service.ts";
import { createRunLogWriter } from "./run-log-writer.ts";
import { createRunNotices } from "./run-notice-loop.ts";
import { createRunReader } from "./run-reader.ts";
import type { RunWriter } from "./run-writer.ts";
import { createTrackedExperiments, type TrackedExperimentsParts } from "./tracked-experiments-service.ts";
import { createTrackedRuns } from "./tracked-runs-service.ts";
import type { Tracking } from "./tracking.ts";

/** What tracking is made from. */
export type TrackingParts = TrackedExperimentsParts &
  Omit<LoggedModelsParts, "experiments"> & {
    readonly database: Pick<Database, "db" | "keyed">;
    readonly writer: RunWriter;
    /** Searches of experiments, runs and logged models, and points for curves. */
    readonly search: Pick<
      Tracking,
      "searchExperiments" | "searchRuns" | "searchLoggedModels" | "sampledHistory"
    >;
  };

/** Tracking, and what the product's own protocol asks of it beyond. */
export type TrackingService = ReturnType<typeof createTracking>;

/** Makes the service behind clients that track: experiments, runs, logged models. */
export function createTracking(parts: TrackingParts) {
  const { database, search } = parts;
  const experiments = createTrackedExperiments(parts);
  const notices = createRunNotices({ database });
  const reader = createRunReader({ database });
  const log = createRunLogWriter({ database, onCommit: notices.mark });
  const models = createLoggedModels({ ...parts, experiments });
  const runs = createTrackedRuns({ ...parts, experiments, models, reader, log, notices });
  const { find: _find, updateExperiment, ...ofExperiments } = experiments;
  const { requireAll: _requireAll, addPoints: _addPoints, ...ofModels } = models;
  const { writable: _writable, deleteRuns, restoreRuns, tagRuns, ...ofRuns } = runs;
  const tracking: Tracking = {
    ...ofExperiments,
    ...ofRuns,
    ...ofModels,
    ...search,
    deleteRun: async ({ run }, call) => {
      await deleteRuns([run], call);
    },
    restoreRun: async ({ run }, call) => {
      await restoreRuns([run], call);
    },
  };
  return { ...tracking, updateExperiment, deleteRuns, restoreRuns, tagRuns };
}
