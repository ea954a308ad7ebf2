import { deploymentKey, type LiveDeployment, type Switcher } from "./desired/switcher.ts";
import type { Exchange, Route } from "./http/route.ts";
import type { Histogram, Metrics } from "./metrics.ts";
import type { ServedModel } from "./models/served-model.ts";
import type { ModelProcess } from "./runtimes/index.ts";
import type { PredictionLog } from "./spool/prediction-log.ts";
import type { TrafficCounter } from "./traffic.ts";

export type Done = {
  readonly route: Route | null;
  readonly exchange: Exchange | null;
  readonly status: number;
};

/** Declares what a gateway counts, and gives the function that counts a request when it is done. */
export function serveMetrics(options: {
  readonly metrics: Metrics;
  readonly switcher: Pick<Switcher, "list">;
  readonly predictionLog: Pick<PredictionLog, "lost">;
  readonly traffic: Pick<TrafficCounter, "ended">;
}): (done: Done) => void {
  const { metrics, switcher, predictionLog, traffic } = options;
  const seconds = metrics.histogram(
    "causeway_gateway_request_duration_seconds",
    "Time from a request's head to the end of its response.",
  );
  const refused = metrics.counter(
    "causeway_gateway_refused_requests_total",
    "Requests that reached no deployment: no such path, no valid key, foreign Host.",
  );
  const served = (read: (model: ServedModel) => number) => () =>
    switcher.list().flatMap((live) => {
      const model = live.serving();
      return model ? [{ labels: labelsOf(live), value: read(model) }] : [];
    });
  metrics.gauge(
    "causeway_gateway_in_flight_requests",
    "Requests in a model.",
    served((model) => model.inFlight()),
  );
  metrics.gauge(
    "causeway_gateway_waiting_rows",
    "Rows that wait for a model.",
    served((model) => model.waitingRows()),
  );
  metrics.total(
    "causeway_gateway_rows_total",
    "Rows answered by the revision that serves.",
    served((model) => model.counts().rows),
  );
  metrics.total(
    "causeway_gateway_runs_total",
    "Runs of the model that serves.",
    served((model) => model.counts().runs),
  );
  metrics.gauge(
    "causeway_gateway_model_load_seconds",
    "Time to load the model that serves.",
    served((model) => model.facts.loadMs / 1000),
  );
  metrics.gauge(
    "causeway_gateway_model_memory_bytes",
    "Memory that the model took when it was tried.",
    served((model) => model.memoryBytes),
  );
  metrics.gauge(
    "causeway_gateway_model_row_seconds",
    "Median time of one row after warm-up.",
    served((model) => model.facts.rowMs / 1000),
  );
  metrics.gauge(
    "causeway_gateway_model_threaded",
    "1 where the model has a thread of its own.",
    served((model) => Number(model.place === "thread")),
  );
  const ofProcess = (read: (process: ModelProcess) => number) => () =>
    switcher.list().flatMap((live) => {
      const process = live.serving()?.process();
      return process ? [{ labels: labelsOf(live), value: read(process) }] : [];
    });
  metrics.total(
    "causeway_gateway_model_restarts_total",
    "Times that a model's own process ended and was started again.",
    ofProcess((process) => process.restarts),
  );
  metrics.total(
    "causeway_gateway_model_recycles_total",
    "Times that a model's own process was replaced because its memory had grown.",
    ofProcess((process) => process.recycled),
  );
  metrics.gauge(
    "causeway_gateway_model_process_memory_bytes",
    "Memory of a model's own process after its last run.",
    ofProcess((process) => process.memoryBytes),
  );
  metrics.gauge("causeway_gateway_model_info", "The version that serves.", () =>
    switcher.list().flatMap((live) => {
      const model = live.serving();
      if (!model) return [];
      const { model: name, version, revision } = model.desired;
      const labels = { ...labelsOf(live), model: name, version: String(version), revision: String(revision) };
      return [{ labels, value: 1 }];
    }),
  );
  metrics.total(
    "causeway_gateway_unseen_categories_total",
    "Values that training never saw, by column.",
    () =>
      switcher.list().flatMap((live) => {
        const check = live.serving()?.check;
        return (check?.fields ?? []).flatMap((column, index) => {
          const value = check?.unseen[index] ?? 0;
          return value > 0 ? [{ labels: { ...labelsOf(live), column }, value }] : [];
        });
      }),
  );
  metrics.total(
    "causeway_gateway_unlogged_predictions_total",
    "Requests answered without being logged.",
    () => [{ labels: {}, value: predictionLog.lost() }],
  );
  processMetrics(metrics);

  const timers = new WeakMap<LiveDeployment, Map<string, Histogram>>();

  /** Looked up by a short text, because a label set costs more than the observation. */
  function timerOf(live: LiveDeployment, protocol: string, status: number): Histogram {
    const own = timers.get(live) ?? new Map<string, Histogram>();
    timers.set(live, own);
    const key = `${protocol} ${status}`;
    const timer = own.get(key) ?? seconds({ ...labelsOf(live), protocol, status: String(status) });
    own.set(key, timer);
    return timer;
  }

  return ({ route, exchange, status }) => {
    const live = exchange?.deployment;
    if (route && exchange && live) {
      const ms = performance.now() - exchange.startedMs;
      timerOf(live, route.protocol, status).observe(ms / 1000);
      // Only questions to a model are traffic of it.
      const revision = exchange.revision ?? live.desired().revision;
      if (route.method === "POST") traffic.ended(live, { revision, status, ms });
    } else if (status >= 400) refused({ status: String(status) }).add();
  };
}

function labelsOf(live: LiveDeployment): { deployment: string } {
  return { deployment: deploymentKey(live.desired()) };
}

function processMetrics(metrics: Metrics): void {
  const alone = (value: number) => [{ labels: {}, value }];
  metrics.gauge("process_resident_memory_bytes", "Memory of the process, models included.", () =>
    alone(process.memoryUsage.rss()),
  );
  metrics.total("process_cpu_seconds_total", "CPU time of the process.", () => {
    const { user, system } = process.cpuUsage();
    return alone((user + system) / 1e6);
  });
  metrics.gauge(
    "nodejs_eventloop_utilization",
    "Share of its time that the event loop was busy since the start.",
    () => alone(performance.eventLoopUtilization().utilization),
  );
}
