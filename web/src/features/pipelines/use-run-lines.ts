import { CausewayError, type LogLine, type PipelineRun, type PipelineRunEvent } from "@causeway/contract";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { clientOf } from "../../lib/client.ts";
import { useScope } from "../../lib/scope.ts";

/** Lines kept on the page; the file has all of them. */
const MOST_LINES = 20_000;
/** Lines that come together are shown together. */
const BATCH_MS = 120;

/** Lines of one run, and whether they still come. */
export type RunLines = { lines: readonly LogLine[]; error: Error | null };

/** Follows a run from its start: its lines, and its state into the cache that the page is drawn from. */
export function useRunLines(pipeline: string, number: number): RunLines {
  const scope = useScope();
  const cache = useQueryClient();
  const [state, setState] = useState<RunLines>({ lines: [], error: null });

  useEffect(() => {
    const stop = new AbortController();
    let batch: LogLine[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    const key = ["pipelines", "getRun", scope, { pipeline, number }];
    const flush = () => {
      timer = undefined;
      const arrived = batch;
      batch = [];
      setState((before) => ({ ...before, lines: [...before.lines, ...arrived].slice(-MOST_LINES) }));
    };
    const take = (event: PipelineRunEvent) => {
      if (event.kind === "log") {
        batch.push(event.line);
        timer ??= setTimeout(flush, BATCH_MS);
      } else cache.setQueryData<PipelineRun>(key, (before) => applied(before, event));
    };
    const follow = async () => {
      setState({ lines: [], error: null });
      const events = clientOf(scope).pipelines.follow({ pipeline, number }, { signal: stop.signal });
      for await (const event of events) take(event);
    };
    follow().catch((error: unknown) => {
      if (stop.signal.aborted) return;
      const known = error instanceof Error ? error : new Error(String(error));
      if (!(known instanceof CausewayError && known.code === "UNAUTHENTICATED"))
        setState((before) => ({ ...before, error: known }));
    });
    return () => {
      stop.abort();
      clearTimeout(timer);
    };
  }, [pipeline, number, scope, cache]);
  return state;
}

/** The run after an event: whole, or with one step renewed. */
export function applied(
  before: PipelineRun | undefined,
  event: Exclude<PipelineRunEvent, { kind: "log" }>,
): PipelineRun | undefined {
  if (event.kind === "run") return event.run;
  if (before === undefined) return undefined;
  const steps = before.steps.map((step) => (step.name === event.step.name ? event.step : step));
  return { ...before, steps };
}
