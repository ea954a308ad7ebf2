import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { LATENCY_BOUNDS_MS, LoggedPrediction } from "@causeway/contract";
import type { Traffic } from "../traffic.ts";

/** What of a line says whose row it is and when it happened. */
const Line = LoggedPrediction.pick({
  project: true,
  environment: true,
  deployment: true,
  revision: true,
  occurredAt: true,
});

/**
 * What files of the log hold, as reports that count no request: a gateway that was killed may not have told of its last
 * rows, and control must know how far event time has come. Told twice it does no harm.
 */
export async function loggedTraffic(paths: readonly string[], now: number): Promise<Traffic[]> {
  const found = new Map<string, Traffic>();
  const at = new Date(now).toISOString();
  for await (const text of linesOf(paths)) {
    const line = lineOf(text);
    if (line === null) continue;
    const { project, environment, deployment, revision, occurredAt } = line;
    const name = `${project}/${environment}/${deployment}/${revision}`;
    const before = found.get(name);
    const times = [before?.firstOccurredAt ?? occurredAt, before?.lastOccurredAt ?? occurredAt, occurredAt];
    const [first = occurredAt, , last = occurredAt] = times.toSorted();
    found.set(name, {
      project,
      environment,
      deployment,
      revision,
      from: at,
      until: at,
      requests: 0,
      rows: 0,
      errors: 0,
      refused: 0,
      latency: new Array<number>(LATENCY_BOUNDS_MS.length + 1).fill(0),
      firstOccurredAt: first,
      lastOccurredAt: last,
    });
  }
  return [...found.values()];
}

async function* linesOf(paths: readonly string[]): AsyncGenerator<string, void> {
  for (const path of paths) yield* createInterface({ input: createReadStream(path) });
}

/** A line that a failing disk spoiled is no reason not to serve. */
function lineOf(text: string) {
  try {
    return Line.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
