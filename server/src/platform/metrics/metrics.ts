import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

/** Numbers that are asked for when somebody looks at the metrics. */
export type MetricSources = {
  /** Queued and running work, by kind. */
  readonly countWork: () => Promise<readonly { kind: string; state: string; count: number }[]>;
};

/** Prometheus metrics of one process. */
export type Metrics = ReturnType<typeof createMetrics>;

/** From quick reads to uploads of minutes, in seconds. */
const DURATION_BUCKETS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30];

/** Makes the metrics: requests by route, events by type, work by kind and state, and the process itself. */
export function createMetrics({ countWork }: MetricSources) {
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
