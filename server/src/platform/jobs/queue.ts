import type { JobOptions } from "./job.ts";

/** How pg-boss treats the jobs of one name. */
export interface Queue {
  policy: "standard" | "exclusive";
  notify: true;
  retryLimit: number;
  retryBackoff: true;
  /** Before the second attempt; later ones wait twice as long each. */
  retryDelay: number;
  retryDelayMax: number;
  expireInSeconds: number;
  /** A worker that gives no sign of life for this long has died, and its job is handed out again. */
  heartbeatSeconds: number;
}

const DEFAULT_RETRIES = 3;
const DEFAULT_TIMEOUT_SECONDS = 900;

/** Decides the queue for the given options. */
export function planQueue(options: JobOptions): Queue {
  return {
    policy: options.exclusive === true ? "exclusive" : "standard",
    notify: true,
    retryLimit: options.retries ?? DEFAULT_RETRIES,
    retryBackoff: true,
    retryDelay: 1,
    retryDelayMax: 300,
    expireInSeconds: options.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS,
    heartbeatSeconds: 20,
  };
}

/** True when an existing queue is not as planned. */
export function queueDiffers(planned: Queue, existing: Partial<Record<keyof Queue, unknown>>): boolean {
  return (Object.keys(planned) as (keyof Queue)[]).some((name) => planned[name] !== existing[name]); // keys of Queue
}
