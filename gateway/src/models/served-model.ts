import type { DesiredDeployment } from "@causeway/contract";
import { type ModelProcess, type PythonForm, runtimeOf, type Watch } from "../runtimes/index.ts";
import { type BatchQueue, createBatchQueue } from "./batch-queue.ts";
import { loadModel, type ModelFacts, type ModelSource } from "./load-model.ts";
import { createRecordCheck, type RecordCheck } from "./record-check.ts";
import { startThreadedModel } from "./threaded-model.ts";

/** One revision of a deployment, loaded and warm. */
export type ServedModel = {
  readonly desired: DesiredDeployment;
  readonly facts: ModelFacts;
  readonly platform: string;
  readonly place: Place;
  /** As the trial measured it, in a process that held nothing else. */
  readonly memoryBytes: number;
  readonly check: RecordCheck;
  readonly submit: BatchQueue["submit"];
  /** A request holds the model from `enter` to `leave`; it is never released in between. */
  enter(): void;
  leave(): void;
  readonly inFlight: () => number;
  readonly waitingRows: () => number;
  readonly counts: () => { readonly runs: number; readonly rows: number };
  /** Null where the model has no process of its own. */
  readonly process: () => ModelProcess | null;
  /** What MLflow's own server makes of the answers; null where they are not those of its `predict`. */
  readonly form: () => PythonForm | null;
  /** Ends the model when its last request has left. */
  retire(): Promise<void>;
};

/** `inline` answers in the gateway's own thread, `thread` in one of the model's own, `process` in a process of its own. */
export type Place = "inline" | "thread" | "process";

/** A run longer than this would delay the requests of every other model; below it a hop to a thread costs more. */
const LONGEST_INLINE_RUN_MS = 2;
/** Loading stops the gateway's thread. */
const LONGEST_INLINE_LOAD_MS = 100;

/** Where a model runs, by the times that its trial measured. */
export function choosePlace({
  rowMs,
  loadMs,
}: Pick<ModelFacts, "rowMs" | "loadMs">): Exclude<Place, "process"> {
  return rowMs > LONGEST_INLINE_RUN_MS || loadMs > LONGEST_INLINE_LOAD_MS ? "thread" : "inline";
}

/** Nothing else of the model, or inline of the gateway, happens during a run. */
const LONGEST_RUN_MS = 20;
const MOST_ROWS_PER_RUN = 256;

/** How many rows a run may take, if each costs as much as one alone; most models need far less for the next row. */
export function rowsPerRun(rowMs: number): number {
  return Math.max(1, Math.min(MOST_ROWS_PER_RUN, Math.floor(LONGEST_RUN_MS / rowMs)));
}

export type ServeOptions = {
  readonly desired: DesiredDeployment;
  readonly source: ModelSource;
  /** What the trial found; it decides where the model runs. Null for one that has a process of its own, which is its trial. */
  readonly trial: Pick<ModelFacts, "rowMs" | "loadMs" | "memoryBytes"> | null;
  readonly now: () => number;
  /** A model's thread or process ended by itself. */
  readonly onDeath: (cause: Error) => void;
  /** What a model's process says. */
  readonly onLine: (line: string) => void;
};

/** Loads a model where it is to answer, with a queue in front of it. */
export async function serveModel({
  desired,
  source,
  trial,
  now,
  onDeath,
  onLine,
}: ServeOptions): Promise<ServedModel> {
  const place = trial === null ? "process" : choosePlace(trial);
  const { facts, run, release, process, form } =
    place === "thread"
      ? { ...(await startThreadedModel(source, onDeath)), process: undefined, form: undefined }
      : await inline(source, { onDeath, onLine });
  const batchRows = facts.batchRows ?? rowsPerRun(facts.rowMs);
  const queue = createBatchQueue({ run, now, batchRows });
  let inFlight = 0;
  let retired: PromiseWithResolvers<void> | undefined;

  return {
    desired,
    facts,
    platform: runtimeOf(desired.format).platform,
    place,
    memoryBytes: trial?.memoryBytes ?? facts.memoryBytes,
    check: createRecordCheck(desired.signature, facts.takesNull),
    submit: queue.submit,
    enter() {
      inFlight += 1;
    },
    leave() {
      inFlight -= 1;
      if (inFlight === 0) retired?.resolve();
    },
    inFlight: () => inFlight,
    waitingRows: queue.waitingRows,
    counts: queue.counts,
    process: () => process?.() ?? null,
    form: () => form?.() ?? null,
    async retire() {
      retired = Promise.withResolvers<void>();
      if (inFlight > 0) await retired.promise;
      await release();
    },
  };
}

async function inline(source: ModelSource, watch: Watch) {
  const { model, facts } = await loadModel(source, watch);
  return { facts, run: model.run, release: model.release, process: model.process, form: model.form };
}
