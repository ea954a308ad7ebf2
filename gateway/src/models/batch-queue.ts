import { fail } from "@causeway/contract";
import type { Row, Tensor } from "../runtimes/index.ts";

/** A request's part of a batch: its rows begin at `from`. */
export type Batch = { readonly tensors: readonly Tensor[]; readonly from: number };

export type BatchQueue = {
  /** Answers rows in a batch with whatever else is waiting. `deadline` is on the clock of `now`. */
  submit(rows: readonly Row[], deadline: number): Promise<Batch>;
  readonly waitingRows: () => number;
  /** Runs made and rows answered by them, since the start. */
  readonly counts: () => { readonly runs: number; readonly rows: number };
};

export type BatchQueueOptions = {
  readonly run: (rows: readonly Row[]) => Promise<readonly Tensor[]>;
  readonly now: () => number;
  /** Rows that one run takes; a larger request runs alone. */
  readonly batchRows?: number;
  /** Rows that may wait; beyond that, requests are refused at once. */
  readonly mostWaitingRows?: number;
};

type Job = {
  readonly rows: readonly Row[];
  readonly deadline: number;
  readonly resolve: (batch: Batch) => void;
  readonly reject: (reason: unknown) => void;
};

/**
 * Puts the requests that wait into one run: a model's cost is per call far more than per row. Nothing waits for company:
 * a run starts as soon as the one before has ended, with what came in meanwhile, and an idle queue starts in the same turn of
 * the loop. A batch that fails is run again request by request, so that one bad row fails only its own request.
 */
export function createBatchQueue(options: BatchQueueOptions): BatchQueue {
  const { run, now, batchRows = 256, mostWaitingRows = 4096 } = options;
  let waiting: Job[] = [];
  let waitingRows = 0;
  let busy = false;
  let runs = 0;
  let answered = 0;

  function submit(rows: readonly Row[], deadline: number): Promise<Batch> {
    if (waitingRows > 0 && waitingRows + rows.length > mostWaitingRows) {
      return Promise.reject(
        fail("OVERLOADED", {
          message: `${waitingRows} rows are waiting for this model, and it takes at most ${mostWaitingRows}`,
          help: "send the request again after the time in Retry-After, or add gateways",
        }),
      );
    }
    const { promise, resolve, reject } = Promise.withResolvers<Batch>();
    waiting.push({ rows, deadline, resolve, reject });
    waitingRows += rows.length;
    if (!busy) {
      busy = true;
      // After this turn's sockets are read, so that requests which came together run together.
      setImmediate(() => void work());
    }
    return promise;
  }

  async function work(): Promise<void> {
    while (waiting.length > 0) {
      const jobs = take();
      if (jobs.length > 0) await runJobs(jobs);
    }
    busy = false;
  }

  function take(): Job[] {
    const time = now();
    const jobs: Job[] = [];
    let rows = 0;
    let taken = 0;
    for (const job of waiting) {
      if (jobs.length > 0 && rows + job.rows.length > batchRows) break;
      taken += 1;
      waitingRows -= job.rows.length;
      if (time > job.deadline) job.reject(tooLate());
      else {
        jobs.push(job);
        rows += job.rows.length;
      }
    }
    waiting = waiting.slice(taken);
    return jobs;
  }

  async function runJobs(jobs: readonly Job[]): Promise<void> {
    const [only] = jobs;
    const rows = jobs.length === 1 && only ? only.rows : jobs.flatMap((job) => job.rows);
    try {
      const tensors = await run(rows);
      runs += 1;
      answered += rows.length;
      let from = 0;
      for (const job of jobs) {
        job.resolve({ tensors, from });
        from += job.rows.length;
      }
    } catch (error) {
      if (jobs.length === 1) only?.reject(error);
      else for (const job of jobs) await runJobs([job]);
    }
  }

  return { submit, waitingRows: () => waitingRows, counts: () => ({ runs, rows: answered }) };
}

function tooLate() {
  return fail("DEADLINE_EXCEEDED", {
    message: "the request waited for the model past its deadline",
    help: "send it again, or add gateways",
  });
}
