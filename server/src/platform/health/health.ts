import { setTimeout as sleep } from "node:timers/promises";
import type { Db } from "../database/index.ts";
import { healthStore } from "./health-store.ts";

const ANSWER_WITHIN_MS = 2_000;

/** Makes the health check of a program; once `stopping` aborts, it is not ready any more. */
export function createHealth({ db, stopping }: { db: Db; stopping: AbortSignal }) {
  const databaseVersion = (): Promise<string> => healthStore(db).serverVersion();

  async function checkReady(): Promise<void> {
    if (stopping.aborted) throw new Error("it is stopping");
    const answered = databaseVersion();
    const late = new AbortController();
    const first = await Promise.race([
      answered,
      sleep(ANSWER_WITHIN_MS, undefined, { signal: late.signal }).catch(() => ""),
    ]);
    late.abort();
    if (first === undefined) {
      answered.catch(() => undefined);
      throw new Error(`the database did not answer within ${ANSWER_WITHIN_MS / 1000} s`);
    }
  }

  return { checkReady, databaseVersion };
}
