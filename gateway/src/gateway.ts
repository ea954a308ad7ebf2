import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { DesiredDeployment, DesiredState } from "@causeway/contract";
import type { Logger } from "pino";
import type { Control } from "./desired/control.ts";
import {
  followDesiredState,
  keepState,
  type Reporter,
  readKeptState,
  startReporter,
} from "./desired/follow-control.ts";
import { createModelFiles } from "./desired/model-files.ts";
import { createSwitcher, deploymentKey } from "./desired/switcher.ts";
import { createGatekeeper } from "./http/access.ts";
import { awaitLateKeys } from "./http/late-keys.ts";
import type { Route } from "./http/route.ts";
import { createHttpServer, type HttpServer } from "./http/server.ts";
import { createMetrics, type Metrics } from "./metrics.ts";
import { type ServedModel, serveModel } from "./models/served-model.ts";
import { createTrials } from "./models/trial.ts";
import { createAnswerRows } from "./protocols/answer-rows.ts";
import { invocationRoutes } from "./protocols/invocations.ts";
import { inferenceRoutes } from "./protocols/open-inference.ts";
import { operationRoutes } from "./protocols/operations.ts";
import { predictRoutes } from "./protocols/predict.ts";
import { findInterpreter, pythonProgram } from "./python-program.ts";
import { serveMetrics } from "./serve-metrics.ts";
import { loggedTraffic } from "./spool/logged-traffic.ts";
import { createPredictionLog } from "./spool/prediction-log.ts";
import { recoverSpool } from "./spool/recover-spool.ts";
import { createTrafficCounter } from "./traffic.ts";
import { createUuidV7 } from "./uuid-v7.ts";

/** How long models may take to end after the last request was answered or cut off. */
const MODELS_END_MS = 2000;

export type GatewayOptions = {
  readonly name: string;
  readonly dataDir: string;
  readonly version: string;
  readonly control: Control;
  /** Null switches the check of keys off. */
  readonly token: string | null;
  /** Names beside loopback under which callers may reach the gateway. */
  readonly hosts: readonly string[];
  /** The command that runs `runTrials` on its standard input. */
  readonly trialProgram: readonly string[];
  /** What processes of Python models inherit. */
  readonly pythonVariables?: Readonly<Record<string, string>>;
  readonly log: Logger;
  readonly now: () => number;
};

export type Gateway = {
  readonly http: HttpServer;
  readonly routes: readonly Route[];
  readonly metrics: Metrics;
  readonly ready: () => boolean;
  /** Answers the last requests within the time given, and closes the prediction log and the models. */
  stop(graceMs: number): Promise<void>;
};

/** Puts a gateway together and starts following control; the caller makes it listen. */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { name, dataDir, version, control, token, hosts, trialProgram, log, now } = options;
  const own = join(dataDir, "gateway", name);
  const statePath = join(own, "state.json");
  await mkdir(own, { recursive: true, mode: 0o700 });
  const spool = join(dataDir, "spool", name);
  const left = await recoverSpool(spool);
  for (const closed of left) log.warn(closed, "closed a file that an earlier gateway left");
  const recovered = await loggedTraffic(
    left.flatMap(({ path }) => path ?? []),
    now(),
  );

  const newId = createUuidV7(now);
  const metrics = createMetrics();
  const files = createModelFiles({
    folder: join(own, "models"),
    artifacts: join(dataDir, "artifacts"),
    control,
  });
  const predictionLog = createPredictionLog({ folder: spool, log, now });
  const trials = createTrials(trialProgram);
  const stopping = new AbortController();
  let reporter: Reporter | undefined;
  const traffic = createTrafficCounter({ now, recovered, onFirst: () => reporter?.counted() });

  async function load(desired: DesiredDeployment, onDeath: (cause: Error) => void): Promise<ServedModel> {
    const path = await files.fetch(desired);
    const { format, signature, golden, pythonEnvironment } = desired;
    const interpreter = await findInterpreter(dataDir, pythonEnvironment);
    const python = interpreter === null ? null : pythonProgram(interpreter, options.pythonVariables ?? {});
    const source = { format, signature, golden, path, python };
    // A model in a process of its own cannot hurt what serves, so that loading it is its trial.
    const trial = format === "mlflow" ? null : await trials.run(source);
    const name = deploymentKey(desired);
    const onLine = (line: string) => log.info({ deployment: name, line }, "a model's process says");
    return serveModel({ desired, source, trial, now: () => performance.now(), onDeath, onLine });
  }

  const switcher = createSwitcher({ load, log, onChange: () => reporter?.changed() });
  const ready = () => switcher.settled() && !stopping.signal.aborted;
  const measure = serveMetrics({ metrics, switcher, predictionLog, traffic });

  const answerRows = createAnswerRows({ predictionLog, traffic, newId, now, gateway: name });
  const routes = [
    ...predictRoutes(answerRows),
    ...inferenceRoutes({ answerRows, ready, version }),
    ...invocationRoutes({ answerRows, ready }),
    ...operationRoutes({ ready, version, metrics }),
  ];
  const http = createHttpServer({
    routes,
    gatekeeper: awaitLateKeys(createGatekeeper({ switcher, token, hosts }), { changed: switcher.changed }),
    newId,
    log,
    onDone: (route, exchange, status) => measure({ route, exchange, status }),
  });

  async function onState(state: DesiredState): Promise<void> {
    // Applied first: a new key should not wait for the disk, and control sends the state again after a restart.
    switcher.apply(state);
    try {
      await keepState(statePath, state);
      await files.prune(state);
    } catch (error) {
      log.error(
        { err: error },
        "the state could not be kept on disk; a restart without control would miss it",
      );
    }
    log.info(
      { tag: state.tag, deployments: state.deployments.map(deploymentKey) },
      "control says what to serve",
    );
  }

  const kept = await readKeptState(statePath, log);
  if (kept) switcher.apply(kept);
  reporter = startReporter({ control, reports: switcher.reports, traffic, log });
  const following = followDesiredState({ control, onState, signal: stopping.signal, log });

  return {
    http,
    routes,
    metrics,
    ready,
    async stop(graceMs) {
      stopping.abort();
      await http.drain(graceMs);
      await Promise.all([reporter?.stop(), following]);
      trials.close();
      await predictionLog.close();
      // A run that takes longer than this is left to the end of the process.
      await Promise.race([switcher.close(), pause(MODELS_END_MS, undefined, { ref: false })]);
    },
  };
}
