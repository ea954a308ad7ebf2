import { RunChanges } from "@causeway/contract";
import { useEffect, useRef } from "react";
import { addressOf } from "../../lib/client.ts";
import { onEvent } from "../../lib/live.ts";
import { useScope } from "../../lib/scope.ts";

/** Changes are told together, at most so often. */
const CALM_MS = 700;
/** Streams that are open at once: browsers allow six connections to one server. */
const MOST_STREAMS = 3;
/** Wait before the stream is opened anew after it broke. */
const AGAIN_MS = 5_000;

/** Calls back with the runs of some experiments that changed, while the page is open. */
export function useRunChanges(experiments: readonly string[], onChange: (runs: string[]) => void): void {
  const scope = useScope();
  const tell = useRef(onChange);
  tell.current = onChange;
  const names = experiments.slice(0, MOST_STREAMS).join("\n");
  useEffect(() => {
    let soon: ReturnType<typeof setTimeout> | undefined;
    let changed = new Set<string>();
    const flush = () => {
      soon = undefined;
      const runs = [...changed];
      changed = new Set();
      tell.current(runs);
    };
    const hear = (runs: readonly string[]) => {
      for (const run of runs) changed.add(run);
      if (changed.size > 0) soon ??= setTimeout(flush, CALM_MS);
    };
    const ends = names
      .split("\n")
      .filter((experiment) => experiment !== "")
      .map((experiment) =>
        follow(addressOf(["experiments", "followExperiment"], { experiment }, scope), hear),
      );
    // Starts and ends of runs are told by events, also of runs that no client of MLflow opened.
    const stop = onEvent(({ type, subject }) => {
      const run = /^\/api\/experiments\/runs\/([0-9a-f]{32})$/.exec(subject)?.[1];
      if (run !== undefined && type.startsWith("experiments.run-")) hear([run]);
    });
    return () => {
      stop();
      clearTimeout(soon);
      for (const end of ends) end();
    };
  }, [names, scope]);
}

/** Reads a stream until it is ended; opens it again where it broke. */
function follow(address: string, hear: (runs: readonly string[]) => void): () => void {
  let source: EventSource | undefined;
  let again: ReturnType<typeof setTimeout> | undefined;
  const open = () => {
    source = new EventSource(address);
    source.onmessage = (message: MessageEvent<string>) =>
      hear(RunChanges.parse(JSON.parse(message.data)).runs);
    source.onerror = () => {
      source?.close();
      again = setTimeout(open, AGAIN_MS);
    };
  };
  open();
  return () => {
    clearTimeout(again);
    source?.close();
  };
}
