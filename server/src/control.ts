import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import {
  composeConsumers,
  composeControl,
  composeFollowers,
  composeGauges,
  composeLifecycle,
  composePlatform,
  composeSchedules,
  type Foundation,
} from "./compose.ts";
import { composeMlflow, composeRoutes } from "./compose-protocols.ts";
import { SYSTEM_SCOPE, systemCall } from "./platform/access/index.ts";
import type { Config } from "./platform/config/index.ts";
import { createHealth } from "./platform/health/index.ts";
import type { Jobs } from "./platform/jobs/index.ts";
import { createMetrics } from "./platform/metrics/index.ts";
import { startSender } from "./platform/notifications/index.ts";
import { createApp } from "./protocols/rest/create-app.ts";
import { platformRoutes } from "./protocols/rest/platform.ts";

/** What control is started with. */
export type ControlOptions = Foundation & {
  readonly http: Config["http"];
  /** Where control answers, for links and for `about`. */
  readonly url: string;
  readonly version: string;
  readonly databaseKind: "embedded" | "external";
  readonly adminToken: string;
  readonly gatewayToken: string;
  readonly webFolder: string;
  /** True: answers are compared with what their endpoints promise. */
  readonly checkAnswers?: boolean;
};

const RETRY_MS = 1_000;
/** Schedules go by the minute: they wait until the worker and the gateways beside this process have started. */
const SETTLE_MS = 2_000;

/** Composes control: the application, and what it does by itself once `start` is called. */
export async function createControl(options: ControlOptions) {
  const { database, dataDir, log, now, newId, http, url, version, databaseKind } = options;
  const startedAt = now();
  const stopping = new AbortController();
  const publicUrl = () => http.publicUrl ?? url;
  const platform = composePlatform({ ...options, publicUrl });
  const lifecycle = composeLifecycle(platform);
  const control = composeControl(platform, {
    adminToken: options.adminToken,
    gatewayToken: options.gatewayToken,
    // One control per data folder: beside an embedded database there is no other.
    aloneSince: databaseKind === "embedded" ? startedAt : null,
  });
  const health = createHealth({ db: database.db, stopping: stopping.signal });
  const metrics = createMetrics({ countWork: platform.work.counts, gauges: composeGauges(lifecycle) });

  async function about() {
    return {
      version,
      url,
      gatewayUrl: await platform.gatewayUrl(),
      startedAt: startedAt.toISOString(),
      node: process.version,
      database: { kind: databaseKind, version: await health.databaseVersion() },
    };
  }

  const { app, routes } = createApp({
    routes: [...platformRoutes({ ...platform, ...control, about, publicUrl }), ...composeRoutes(lifecycle)],
    mlflow: composeMlflow(platform, lifecycle),
    access: control.access,
    idempotency: control.idempotency,
    projects: control.projects,
    metrics,
    log,
    newId,
    checkReady: health.checkReady,
    // Cookies do not know ports: two installations on one machine must not sign each other out.
    cookieName: `causeway-${createHash("sha256").update(dataDir).digest("hex").slice(0, 8)}`,
    noAuth: http.noAuth,
    allowedHosts: allowedHosts(http),
    webFolder: options.webFolder,
    checkAnswers: options.checkAnswers ?? false,
    stopping: stopping.signal,
  });
  await app.ready();

  let jobs: Jobs | undefined;
  let stopConsumers: (() => Promise<void>)[] = [];
  let stopSender: (() => Promise<void>) | undefined;
  let starting: Promise<void> | undefined;
  let scheduling: Promise<void> | undefined;

  /** Begins what control does by itself. Nothing of it delays an answer, so it is not awaited to be ready. */
  function start(): Promise<void> {
    starting ??= beginOwnWork();
    return starting;
  }

  async function beginOwnWork(): Promise<void> {
    stopConsumers = composeConsumers(platform, lifecycle).map((consumer) =>
      platform.events.consume({
        onFailure: (error) =>
          log.error({ err: error, consumer: consumer.name }, "an event could not be handled"),
        ...consumer,
      }),
    );
    stopSender = startSender(platform);
    void untilDone("events are not counted for now", countEvents);
    for (const follow of composeFollowers(platform, lifecycle))
      void untilDone("the log is not followed for now", () => follow(stopping.signal));
    await untilDone("the start could not be written down", recordStart);
    scheduling = sleep(SETTLE_MS, undefined, { signal: stopping.signal }).then(
      () => untilDone("schedules could not be started", startSchedules),
      () => undefined, // It stops before it has settled.
    );
  }

  /** What control does by itself outlasts a database that is away: it is tried again until it is done. */
  async function untilDone(failure: string, work: () => Promise<void>): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        return await work();
      } catch (error) {
        if (stopping.signal.aborted) return;
        log.warn({ err: error }, failure);
        await sleep(RETRY_MS);
      }
    }
  }

  async function recordStart(): Promise<void> {
    await database.db.transaction().execute((tx) =>
      platform.events.record(tx, systemCall(SYSTEM_SCOPE, "control"), {
        type: "platform.started",
        subject: "/api/platform/about",
        data: { version },
      }),
    );
  }

  async function startSchedules(): Promise<void> {
    // Loaded after control is ready: no answer needs the job queue.
    const { createJobs } = await import("./platform/jobs/index.ts");
    await jobs?.stop();
    const fresh = createJobs({ database, log });
    jobs = fresh;
    const schedules = composeSchedules(platform, control, lifecycle);
    for (const { name, run } of schedules) {
      fresh.define(name, ({ signal }) => run(signal), { exclusive: true, concurrency: 1 });
    }
    await fresh.start();
    for (const { name, expression } of schedules) await fresh.cron(name, { expression, timeZone: "UTC" });
  }

  async function countEvents(): Promise<void> {
    for await (const event of platform.events.tail(stopping.signal)) metrics.countEvent(event.type);
  }

  /** Ends every open stream, so that readers go elsewhere and connections become idle. */
  const endStreams = () => stopping.abort(new Error("Control is stopping"));

  /** Ends streams, then schedules and consumers. Requests under way still find everything they need. */
  async function stop(): Promise<void> {
    await starting?.catch(() => undefined);
    endStreams();
    await scheduling?.catch(() => undefined);
    await jobs?.stop().catch((error: unknown) => log.warn({ err: error }, "schedules did not stop in time"));
    await Promise.all(stopConsumers.map((stopConsumer) => stopConsumer()));
    await stopSender?.();
    await platform.events.close();
    await app.close();
  }

  return {
    app,
    routes,
    start,
    endStreams,
    stop,
  };
}

/** Names by which control may be called: those that were given, and the address that it listens on. */
function allowedHosts({ host, allowedHosts: given, publicUrl }: Config["http"]): string[] {
  const own = host === "0.0.0.0" || host === "::" ? [] : [host.includes(":") ? `[${host}]` : host];
  const proxy = publicUrl === undefined ? [] : [new URL(publicUrl).hostname];
  return [...own, ...proxy, ...given].map((name) => name.toLowerCase());
}
