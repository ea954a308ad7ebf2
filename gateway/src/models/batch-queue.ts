import { fail } from "@causeway/contract";
import { joinTensors, type Row, type Tensor } from "../runtimes/index.ts";

/** A request's part of a batch: its rows begin at `from`. */
export type Batch = { readonly tensors: readonly Tensor[]; readonly from: number };

/** Until when an answer is of use. */
export type Terms = {
  /** On the clock of `now`. */
  readonly deadline: number;
  /** Whether the caller is still there; asked when the rows' turn has come. */
  readonly wanted: () => boolean;
};

export type BatchQueue = {
  /** Answers rows in a batch with whatever else is waiting. */
  submit(rows: readonly Row[], terms: Terms): Promise<Batch>;
  readonly waitingRows: () => number;
  /** Runs made and rows answered by them, since the start. */
  readonly counts: () => { readonly runs: number; readonly rows: number };
};

export type BatchQueueOptions = {
  readonly run: (rows: readonly Row[]) => Promise<readonly Tensor[]>;
  readonly now: () => number;
  /** Rows that one run takes; a larger request is cut into several. */
  readonly batchRows?: number;
  /** Rows that may wait; beyond that, requests are refused at once. */
  readonly mostWaitingRows?: number;
};

type Job = {
  readonly rows: readonly Row[];
  readonly terms: Terms;
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

  async function submit(rows: readonly Row[], terms: Terms): Promise<Batch> {
    if (waitingRows > 0 && waitingRows + rows.length > mostWaitingRows)
      throw overloaded(waitingRows, mostWaitingRows);
    if (rows.length <= batchRows) return enqueue(rows, terms);
    const pieces: Promise<Batch>[] = [];
    for (let from = 0; from < rows.length; from += batchRows) {
      pieces.push(enqueue(rows.slice(from, from + batchRows), terms));
    }
    return joined(await Promise.all(pieces), rows.length, batchRows);
  }

  function enqueue(rows: readonly Row[], terms: Terms): Promise<Batch> {
    const { promise, resolve, reject } = Promise.withResolvers<Batch>();
    waiting.push({ rows, terms, resolve, reject });
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
      if (time > job.terms.deadline || !job.terms.wanted()) job.reject(tooLate());
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

/** A piece may sit in a batch with other requests' rows: its own part is cut out first. */
function joined(batches: readonly Batch[], rows: number, size: number): Batch {
  const [first] = batches;
  const outputs = first?.tensors ?? [];
  const tensors = outputs.flatMap((_, output) => {
    const parts = batches.flatMap(({ tensors, from }, index) => {
      const tensor = tensors[output];
      const count = Math.min(size, rows - index * size);
      return tensor
        ? [{ ...tensor, data: tensor.data.slice(from * tensor.width, (from + count) * tensor.width) }]
        : [];
    });
    return joinTensors(parts, rows) ?? [];
  });
  return { tensors, from: 0 };
}

function overloaded(waitingRows: number, mostWaitingRows: number) {
  return fail("OVERLOADED", {
    message: `${waitingRows} rows are waiting for this model, and it takes at most ${mostWaitingRows}`,
    help: "send the request again after the time in Retry-After, or add gateways",
  });
}

function tooLate() {
  return fail("DEADLINE_EXCEEDED", {
    message: "the request waited for the model past its deadline",
    help: "send it again, or add gateways",
  });
}
