import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

/** Numbers that are asked for when somebody looks at the metrics. */
export type MetricSources = {
  /** Queued and running work, by kind. */
  readonly countWork: () => Promise<readonly { kind: string; state: string; count: number }[]>;
  /** What stages tell. */
  readonly gauges?: readonly GaugeSource[];
};

/** A gauge that a stage tells of; every sample has all of its labels. */
type GaugeFamily = {
  readonly name: string;
  readonly help: string;
  readonly labels: readonly string[];
};

/** One value of a gauge. */
type GaugeSample = {
  readonly gauge: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
};

/** Gauges that are read together. */
export type GaugeSource = {
  readonly gauges: readonly GaugeFamily[];
  readonly read: () => Promise<readonly GaugeSample[]>;
};

/** Prometheus metrics of one process. */
export type Metrics = ReturnType<typeof createMetrics>;

/** From quick reads to uploads of minutes, in seconds. */
const DURATION_BUCKETS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30];

/** Who looks more often than this sees the same samples. */
const FRESH_MS = 5_000;

/** Makes the metrics: requests by route, events by type, work by kind and state, and the process itself. */
export function createMetrics({ countWork, gauges = [] }: MetricSources) {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: "causeway_http_request_duration_seconds",
    help: "Duration of answered requests by route of the table, streams left out.",
    labelNames: ["method", "route", "status"] as const,
    buckets: DURATION_BUCKETS,
    registers: [registry],
  });
  const streams = new Gauge({
    name: "causeway_http_open_streams",
    help: "Server-sent event streams that are open now.",
    registers: [registry],
  });
  const events = new Counter({
    name: "causeway_events_total",
    help: "Events of the outbox that appeared since this process started, by type.",
    labelNames: ["type"] as const,
    registers: [registry],
  });
  new Gauge({
    name: "causeway_work",
    help: "Long work that waits or runs, by kind.",
    labelNames: ["kind", "state"] as const,
    registers: [registry],
    async collect() {
      this.reset();
      for (const { kind, state, count } of await countWork()) this.set({ kind, state }, count);
    },
  });
  for (const source of gauges) addGauges(registry, source);

  return {
    observeRequest: (request: { method: string; route: string; status: number; seconds: number }): void => {
      const { method, route, status, seconds } = request;
      requests.observe({ method, route, status }, seconds);
    },
    countEvent: (type: string): void => events.inc({ type }),
    /** A stream was opened; the answer says that it was closed. */
    openStream: (): (() => void) => {
      streams.inc();
      return () => streams.dec();
    },
    contentType: registry.contentType,
    render: (): Promise<string> => registry.metrics(),
  };
}

/** All gauges of a source are read at once, however many there are. */
function addGauges(registry: Registry, { gauges, read }: GaugeSource): void {
  let newest: { at: number; samples: ReturnType<typeof read> } | undefined;

  function readFresh(): ReturnType<typeof read> {
    const at = performance.now();
    if (newest !== undefined && at - newest.at < FRESH_MS) return newest.samples;
    const reading = { at, samples: read() };
    newest = reading;
    // What failed is not remembered; whoever asked is told.
    reading.samples.catch(() => {
      if (newest === reading) newest = undefined;
    });
    return reading.samples;
  }

  for (const { name, help, labels } of gauges) {
    new Gauge({
      name,
      help,
      labelNames: [...labels],
      registers: [registry],
      async collect() {
        const samples = await readFresh();
        this.reset();
        for (const sample of samples) if (sample.gauge === name) this.set({ ...sample.labels }, sample.value);
      },
    });
  }
}
