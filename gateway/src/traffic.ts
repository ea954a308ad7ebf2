import { LATENCY_BOUNDS_MS, type TrafficReport } from "@causeway/contract";
import type { LiveDeployment } from "./desired/switcher.ts";

/** What a gateway counted of one revision of one deployment. */
export type Traffic = TrafficReport & {
  readonly project: string;
  readonly environment: LiveEnvironment;
  readonly deployment: string;
};

type LiveEnvironment = ReturnType<LiveDeployment["desired"]>["environment"];

/** Rows that were answered, and the event times of those that were logged. */
export type AnsweredRows = {
  readonly revision: number;
  readonly rows: number;
  /** Null where the prediction log could not be written. */
  readonly occurred: { readonly first: string; readonly last: string } | null;
};

/** Counts what is answered, until control has taken the counts. */
export type TrafficCounter = {
  answered(live: LiveDeployment, answered: AnsweredRows): void;
  /** A request ended, `ms` after its head was read. */
  ended(live: LiveDeployment, ended: { revision: number; status: number; ms: number }): void;
  /** Counts to send: the same again until they are acknowledged, so that control can tell a repeated report. */
  take(): readonly Traffic[];
  acknowledge(): void;
  /** True where something was counted since the last `take` that was acknowledged. */
  readonly waiting: () => boolean;
};

type Slice = {
  readonly live: LiveDeployment;
  readonly revision: number;
  readonly minute: number;
  readonly fromMs: number;
  requests: number;
  rows: number;
  errors: number;
  refused: number;
  readonly latency: number[];
  first: string | null;
  last: string | null;
};

const MINUTE_MS = 60_000;
/** No answer was sent: the caller went away. */
const CALLER_LEFT = 499;

/** Makes the counter. Counts are kept by the minute, so that they find their place also where control was away for long. */
export function createTrafficCounter({
  now,
  recovered = [],
  onFirst,
}: {
  now: () => number;
  /** What an earlier gateway may not have told; sent first. */
  recovered?: readonly Traffic[];
  /** Called with the first count after a `take`. */
  onFirst: () => void;
}): TrafficCounter {
  const current = new Map<LiveDeployment, Slice>();
  let gathered: Slice[] = [];
  let taken = recovered;
  let lastFromMs = recovered.length === 0 ? 0 : now();

  function sliceOf(live: LiveDeployment, revision: number): Slice {
    const time = now();
    const minute = Math.floor(time / MINUTE_MS);
    const known = current.get(live);
    if (known !== undefined && known.revision === revision && known.minute === minute) return known;
    const earlier = gathered.find(
      (slice) => slice.live === live && slice.revision === revision && slice.minute === minute,
    );
    if (earlier !== undefined) {
      current.set(live, earlier);
      return earlier;
    }
    // Never twice the same: by it control knows a report that comes again.
    lastFromMs = Math.max(time, lastFromMs + 1);
    const counts = { requests: 0, rows: 0, errors: 0, refused: 0, first: null, last: null };
    const latency = new Array<number>(LATENCY_BOUNDS_MS.length + 1).fill(0);
    const slice: Slice = { live, revision, minute, fromMs: lastFromMs, latency, ...counts };
    const isFirst = gathered.length === 0;
    gathered.push(slice);
    current.set(live, slice);
    if (isFirst) onFirst();
    return slice;
  }

  return {
    answered(live, { revision, rows, occurred }) {
      const slice = sliceOf(live, revision);
      slice.rows += rows;
      if (occurred === null) return;
      if (slice.first === null || occurred.first < slice.first) slice.first = occurred.first;
      if (slice.last === null || occurred.last > slice.last) slice.last = occurred.last;
    },
    ended(live, { revision, status, ms }) {
      const slice = sliceOf(live, revision);
      slice.requests += 1;
      if (status >= 500 || status === 429) slice.errors += 1;
      else if (status >= 400 && status !== CALLER_LEFT) slice.refused += 1;
      const place = latencyClass(ms);
      slice.latency[place] = (slice.latency[place] ?? 0) + 1;
    },
    take() {
      if (taken.length > 0) return taken;
      const until = new Date(Math.max(now(), lastFromMs)).toISOString();
      taken = gathered.map((slice) => reportOf(slice, until));
      gathered = [];
      current.clear();
      return taken;
    },
    acknowledge() {
      taken = [];
    },
    waiting: () => taken.length > 0 || gathered.length > 0,
  };
}

function reportOf(slice: Slice, until: string): Traffic {
  const { live, revision, fromMs, requests, rows, errors, refused, latency, first, last } = slice;
  const { project, environment, name } = live.desired();
  return {
    project,
    environment,
    deployment: name,
    revision,
    from: new Date(fromMs).toISOString(),
    until,
    requests,
    rows,
    errors,
    refused,
    latency,
    firstOccurredAt: first,
    lastOccurredAt: last,
  };
}

/** Most requests are quick: the first bounds are tried first. */
function latencyClass(ms: number): number {
  let place = 0;
  while (place < LATENCY_BOUNDS_MS.length && ms > (LATENCY_BOUNDS_MS[place] ?? 0)) place += 1;
  return place;
}
