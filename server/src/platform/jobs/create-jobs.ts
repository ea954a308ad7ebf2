import { fail } from "@causeway/contract";
import { fromKysely, PgBoss, type SendOptions as PgBossSendOptions } from "pg-boss";
import type { Database } from "../database/index.ts";
import type { Cron, Job, JobHandler, JobOptions, Jobs, JobsLog, SendOptions } from "./job.ts";
import { planQueue, type Queue, queueDiffers } from "./queue.ts";

/** What the queue is created with. */
export interface JobsOptions {
  database: Pick<Database, "pool" | "listen">;
  log: JobsLog;
  /** False in processes that send and do jobs and leave the schedules to control. */
  keepsSchedules?: boolean;
}

interface Definition {
  handler: JobHandler<object>;
  concurrency: number;
  queue: Queue;
}

/** How often schedules are looked at: a tick is answered within about two seconds. */
const CRON_SECONDS = 1;

/** How often a look is taken at workers that died. */
const SUPERVISE_SECONDS = 10;

/** New jobs wake their workers at once. Polls find what nobody is woken for: retries, and jobs sent for later. */
const POLL_SECONDS = 2;
const POLL_BESIDE_NOTIFY_SECONDS = 5;

const DEFAULT_CONCURRENCY = 2;
const STOP_WITHIN_MS = 5_000;

/** Creates the job queue of this process; nothing happens before `start`. */
export function createJobs({ database, log, keepsSchedules = true }: JobsOptions): Jobs {
  const definitions = new Map<string, Definition>();
  const known = new Set<string>();
  const boss = new PgBoss({
    db: { executeSql: (text, values) => database.pool.query(text, values), listen: subscribe },
    useListenNotify: true,
    schedule: keepsSchedules,
    cronMonitorIntervalSeconds: CRON_SECONDS,
    cronWorkerIntervalSeconds: CRON_SECONDS,
    superviseIntervalSeconds: SUPERVISE_SECONDS,
    monitorIntervalSeconds: SUPERVISE_SECONDS,
  });
  boss.on("error", (error) => log.error({ err: error }, "job queue failed"));
  boss.on("warning", ({ message, data }) => log.warn({ ...data }, message));
  let started = false;

  async function subscribe(
    channel: string,
    onNotification: (payload: string) => void,
    onReconnect: () => void,
  ) {
    const close = await database.listen(channel, onNotification, { onReconnect });
    return { close };
  }

  function define<Data extends object>(
    name: string,
    handler: JobHandler<Data>,
    options: JobOptions = {},
  ): void {
    if (started || definitions.has(name)) {
      throw new Error(
        started ? `Define the job ${name} before the start` : `The job ${name} is defined twice`,
      );
    }
    definitions.set(name, {
      handler: handler as JobHandler<object>, // what `send` stored under this name comes back as it was
      concurrency: options.concurrency ?? DEFAULT_CONCURRENCY,
      queue: planQueue(options),
    });
  }

  async function start(): Promise<void> {
    started = true;
    await boss.start();
    const existing = new Map((await boss.getQueues()).map((queue) => [queue.name, queue]));
    for (const name of existing.keys()) known.add(name);
    for (const [name, { queue }] of definitions) {
      const found = existing.get(name);
      if (found === undefined) await ensureQueue(name, queue);
      else if (queueDiffers(queue, found)) await adjustQueue(name, { queue, policy: found.policy });
    }
    for (const [name, definition] of definitions) await work(name, definition);
  }

  async function ensureQueue(name: string, queue: Queue): Promise<void> {
    await boss.createQueue(name, queue);
    known.add(name);
  }

  /** Retries and times may change with a release; how a queue treats keys may not. */
  async function adjustQueue(
    name: string,
    { queue, policy }: { queue: Queue; policy: string | undefined },
  ): Promise<void> {
    const { policy: wanted, ...changeable } = queue;
    if (policy !== wanted)
      throw new Error(`The queue ${name} is ${policy} already and cannot become ${wanted}`);
    await boss.updateQueue(name, changeable);
  }

  /**
   * One worker per job at once, each taking one job at a time: a batch would settle with its slowest job. Telling the
   * worker after each job to look again drains a backlog without waiting for the next poll.
   */
  async function work(name: string, { handler, concurrency }: Definition): Promise<void> {
    const options = {
      batchSize: 1,
      pollingIntervalSeconds: POLL_SECONDS,
      notifyPollingIntervalSeconds: POLL_BESIDE_NOTIFY_SECONDS,
    };
    for (let index = 0; index < concurrency; index += 1) {
      const worker: string = await boss.work<object, void>(name, options, async ([job]) => {
        try {
          if (job !== undefined) await run(name, handler, job);
        } finally {
          boss.notifyWorker(worker);
        }
      });
    }
  }

  async function run(
    name: string,
    handler: JobHandler<object>,
    { id, data, signal }: Job<object>,
  ): Promise<void> {
    try {
      await handler({ id, data, signal });
    } catch (error) {
      log.warn({ err: error, job: name, id }, "job failed");
      throw error;
    }
  }

  async function send(name: string, data: object, options: SendOptions = {}): Promise<string | null> {
    await requireQueue(name);
    const { tx, startAfter, key } = options;
    const sending: PgBossSendOptions = {
      ...(tx === undefined ? {} : { db: fromKysely(tx) }),
      ...(startAfter === undefined ? {} : { startAfter }),
      ...(key === undefined ? {} : { singletonKey: key }),
    };
    return boss.send(name, data, sending);
  }

  /** A process may send what only another one does, and be the first of the two to start. */
  async function requireQueue(name: string): Promise<void> {
    if (!known.has(name)) await ensureQueue(name, definitions.get(name)?.queue ?? planQueue({}));
  }

  async function cron(name: string, { expression, timeZone, data = {}, key = "" }: Cron): Promise<void> {
    assertCron(name, { expression, timeZone });
    await requireQueue(name);
    await boss.schedule(name, expression, data, { tz: timeZone, key, missed: "once" });
  }

  function assertCron(name: string, { expression, timeZone }: Cron): void {
    try {
      // pg-boss takes seconds too, yet sends one job a minute at most: refused rather than rounded.
      if (expression.trim().split(/\s+/).length !== 5) throw new Error("it does not have five fields");
      boss.previewSchedule(expression, { tz: timeZone, count: 1 });
    } catch (cause) {
      throw fail("INVALID_FIELD", {
        message: `The schedule of ${name} is not valid: ${cause instanceof Error ? cause.message : cause}`,
        field: "cron",
        value: `${expression} ${timeZone}`,
        help: 'Write five fields and an IANA zone, such as "0 3 * * MON" and "Asia/Ho_Chi_Minh".',
        cause,
      });
    }
  }

  return {
    define,
    start,
    send,
    cron,
    removeCron: (name, key = "") => boss.unschedule(name, key),
    stop: ({ withinMs = STOP_WITHIN_MS } = {}) =>
      boss.stop({ graceful: true, timeout: withinMs, close: false }),
  };
}
