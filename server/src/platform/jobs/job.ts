import type { BaseLogger } from "pino";
import type { Tx } from "../database/index.ts";

/** The part of a logger that the job queue speaks to. */
export type JobsLog = Pick<BaseLogger, "info" | "warn" | "error">;

/** One piece of work, handed to its handler. A job of a killed process is handed out again: handlers are idempotent. */
export interface Job<Data extends object> {
  id: string;
  data: Data;
  /** Aborted when the attempt has run out of its time or the process is ending. */
  signal: AbortSignal;
}

/** Does a job; throwing means that it is tried again, later and later, up to the limit. */
export type JobHandler<Data extends object> = (job: Job<Data>) => Promise<void>;

/** How the jobs of one name are run. */
export interface JobOptions {
  /** Jobs of this name at once in this process; 2 by default. */
  concurrency?: number;
  /** Attempts after the first; 3 by default. */
  retries?: number;
  /** How long one attempt may take; 900 by default. */
  timeoutSeconds?: number;
  /** True: at most one job per key (or one without a key) waits or runs, anywhere. It may not change later. */
  exclusive?: boolean;
}

/** How one job is sent. */
export interface SendOptions {
  /** Sends with the transaction's commit, or not at all. */
  tx?: Tx;
  /** Not before this moment. */
  startAfter?: Date;
  /** Counts where the name is defined as exclusive. */
  key?: string;
}

/** When a job repeats. */
export interface Cron {
  /** Five fields: minute, hour, day of the month, month, day of the week. */
  expression: string;
  /** An IANA name, `Asia/Ho_Chi_Minh`. */
  timeZone: string;
  data?: object;
  /** Tells several schedules of one name apart. */
  key?: string;
}

/** Background work with retries, on the platform's own database. */
export interface Jobs {
  /** Says how the jobs of a name are done. Before `start`. */
  readonly define: <Data extends object>(
    name: string,
    handler: JobHandler<Data>,
    options?: JobOptions,
  ) => void;
  readonly start: () => Promise<void>;
  /** Waits for running jobs up to `withinMs`; what still runs then is tried again elsewhere. */
  readonly stop: (options?: { withinMs?: number }) => Promise<void>;
  /** Sends a job; the answer is its id, or null when an exclusive one is already there. After `start`. */
  readonly send: (name: string, data: object, options?: SendOptions) => Promise<string | null>;
  /**
   * Repeats a job: one schedule per name and key, the last one given counts. A tick is answered within about two seconds,
   * also one up to a minute before the schedule was made; ticks missed in an outage are made good once.
   */
  readonly cron: (name: string, cron: Cron) => Promise<void>;
  readonly removeCron: (name: string, key?: string) => Promise<void>;
}
