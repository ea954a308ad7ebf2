import type { Json } from "@causeway/contract";
import { type Duck, openDuck } from "../data/index.ts";

const MEMORY_BYTES = 256 * 2 ** 20;

/** A question to the log's DuckDB; answers its rows. */
export type AskLog = <Value>(ask: (duck: Pick<Duck, "rows" | "run">) => Promise<Value>) => Promise<Value>;

/** Makes the reader of the log. Its DuckDB is opened with the first question and kept: opening costs more than most answers. */
export function createLogDuck(): AskLog {
  let opened: Promise<Duck> | undefined;

  function open(): Promise<Duck> {
    opened ??= openDuck({ threads: 1, memoryBytes: MEMORY_BYTES }).catch((error: unknown) => {
      opened = undefined;
      throw error;
    });
    return opened;
  }

  return async (ask) => {
    const duck = await (await open()).fork();
    try {
      return await ask(duck);
    } finally {
      duck.close();
    }
  };
}

/** DuckDB writes `2026-11-21 10:00:00.123`, without a zone: UTC. */
export function isoTime(text: Json | undefined): string {
  return new Date(`${String(text).replace(" ", "T")}Z`).toISOString();
}
