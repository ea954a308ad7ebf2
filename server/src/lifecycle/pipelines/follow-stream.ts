import type { PipelineRun, PipelineRunEvent } from "@causeway/contract";
import type { Database } from "../../platform/database/index.ts";
import { RUN_CHANGED } from "./advance-runner.ts";
import { attemptsStore } from "./attempts-store.ts";
import { isOver } from "./run-progress.ts";
import { logText, runText, stepText } from "./run-text.ts";

const LOG_BATCH = 1_000;

type Parts = { readonly database: Database; readonly viewOf: (run: string) => Promise<PipelineRun> };

/** Makes the stream of a run: its steps and log lines as they come, the run itself when its state changes. */
export function createFollowRun({ database, viewOf }: Parts) {
  return async function* follow(
    id: string,
    { after, signal }: { after: number; signal: AbortSignal },
  ): AsyncGenerator<PipelineRunEvent, void> {
    const changes = await watch(database, id, signal);
    const seen = new Map<string, string>();
    let runState: string | undefined;
    let position = after;
    try {
      while (!signal.aborted) {
        changes.reset();
        // The run is read before its log: whatever a step wrote before it ended is in the log by then.
        const run = await viewOf(id);
        const changed = run.steps.filter((step) => seen.get(step.name) !== JSON.stringify(step));
        for (const step of changed) {
          seen.set(step.name, JSON.stringify(step));
          if (step.state === "running") yield { kind: "step", step, text: stepText(step) };
        }
        for (;;) {
          const lines = await attemptsStore(database.db).listLogs({
            run: id,
            after: position,
            limit: LOG_BATCH,
          });
          for (const line of lines) yield { kind: "log", line, text: logText(line) };
          position = lines.at(-1)?.position ?? position;
          if (lines.length < LOG_BATCH) break;
        }
        for (const step of changed) {
          if (step.state !== "running") yield { kind: "step", step, text: stepText(step) };
        }
        if (run.state !== runState) {
          runState = run.state;
          yield { kind: "run", run, text: runText(run) };
        }
        if (isOver(run.state)) return;
        await changes.next();
      }
    } finally {
      await changes.close();
    }
  };
}

/** Remembers that something changed since `reset`, so that no notification is lost while the run is being read. */
async function watch(database: Database, id: string, signal: AbortSignal) {
  let changed = false;
  let wake = () => {};
  const mark = () => {
    changed = true;
    wake();
  };
  const unlisten = await database.listen(
    RUN_CHANGED,
    (payload) => {
      if (payload === id) mark();
    },
    { onReconnect: mark },
  );
  signal.addEventListener("abort", mark);
  return {
    reset: () => {
      changed = false;
    },
    next: () =>
      new Promise<void>((resolve) => {
        wake = resolve;
        if (changed) resolve();
      }),
    close: async () => {
      signal.removeEventListener("abort", mark);
      await unlisten();
    },
  };
}
