import { existsSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { CausewayError, fail } from "@causeway/contract";
import { readUp } from "@causeway/sdk/discovery";
import { startChild } from "./child.ts";
import { type ControlReady, ControlReady as ControlReadyMessage, WorkerReady } from "./child-message.ts";
import {
  adoptGateway,
  endGateway,
  type GatewayLaunch,
  gatewaysLeft,
  startGateway,
} from "./gateway-process.ts";
import { makeFolder } from "./make-folder.ts";
import { PROGRAMS } from "./programs.ts";
import { type Running, type Supervised, supervise } from "./supervised.ts";
import { removeUpFile, writeUpFile } from "./up-file.ts";

/** What `up` was asked for. Port 0 is any free one. */
export type UpOptions = {
  dataDir: string;
  host: string;
  port: number;
  gatewayPort: number;
  gateways: number;
  open: boolean;
  /** Channels may send to addresses that are not public. */
  allowPrivateChannels?: boolean;
  /** Where files are kept, in place of a folder of the data folder. */
  artifactRoot?: string | undefined;
};

/** A running Causeway on this machine. */
export type Installation = {
  url: string;
  gatewayUrl: string;
  /** Settles when worker and gateways run too; fails where one of them cannot be started. */
  serving: Promise<void>;
  /** Drains and ends every process, the database last. */
  stop(): Promise<void>;
};

/** Time that worker and gateways, then control with the database, get to end by themselves; 10 s in all. */
const GRACE_MS = { serving: 4000, control: 4500 };

/**
 * Starts control, then worker and gateways, and keeps them running. With the team's database it is there as soon as control
 * answers: such servers are started by the hundred, and wait for nothing else. `tell` gets one line per thing worth knowing.
 */
export async function startInstallation(
  options: UpOptions,
  tell: (line: string) => void,
): Promise<Installation> {
  await makeDataDir(options.dataDir);
  let control = await startControl(options, options.port);
  const url = control.ready.url;
  const port = Number(new URL(url).port);
  const supervised: Supervised[] = [];
  const onRestart = ({ name, error }: { name: string; error?: unknown }) => {
    tell(error === undefined ? `${name} is running again` : `${name} cannot be started: ${messageOf(error)}`);
    if (error === undefined) void record();
  };
  const gatewayNames = Array.from({ length: options.gateways }, (_, index) => `g${index + 1}`);
  const isEarly = control.ready.databaseKind === "external";
  // An address that is told before its gateway runs must be known.
  let gatewayPort = isEarly && options.gatewayPort === 0 ? await freePort(options.host) : options.gatewayPort;
  const stopping = new AbortController();
  const record = () =>
    writeUpFile(upFile()).catch((error) => tell(`up.json cannot be written: ${messageOf(error)}`));
  const upFile = () => ({
    url,
    gatewayUrl: `http://${options.host}:${gatewayPort}`,
    dataDir: options.dataDir,
    pid: process.pid,
    processes: Object.fromEntries(supervised.map((one) => [one.name, one.pid() ?? 0])),
  });

  const controlProcess = supervise("control", control.running, {
    async start(signal) {
      control = await startControl(options, port, signal);
      return control.running;
    },
    onRestart,
  });
  supervised.push(controlProcess);
  async function startServing(): Promise<void> {
    const worker = startWorker(options, control.ready, stopping.signal).then((first) => {
      const start = (signal: AbortSignal) => startWorker(options, control.ready, signal);
      supervised.push(supervise("worker", first, { start, onRestart }));
    });
    const gateways = (async () => {
      const left = await gatewaysLeft(options.dataDir);
      for (const [name, { pid }] of left) if (!gatewayNames.includes(name)) await endGateway(pid);
      for (const name of gatewayNames) {
        const launch = (): GatewayLaunch => ({
          name,
          dataDir: options.dataDir,
          controlUrl: url,
          host: options.host,
          port: gatewayPort,
          token: control.ready.gatewayToken,
          open: options.open,
          shared: options.gateways > 1,
        });
        const first =
          (await adoptGateway(left.get(name), launch())) ?? (await startGateway(launch(), stopping.signal));
        gatewayPort = first.port;
        const start = async (signal: AbortSignal) => (await startGateway(launch(), signal)).running;
        supervised.push(supervise(name, first.running, { start, onRestart }));
      }
    })();
    // Both are awaited even when one fails, so that what the other started is known and can be stopped.
    const settled = await Promise.allSettled([worker, gateways]);
    for (const result of settled) if (result.status === "rejected") throw result.reason;
    await writeUpFile(upFile());
  }
  const stop = async () => {
    // What is about to start ends before those that run, so that all of them are known.
    stopping.abort();
    await serving.catch(() => undefined);
    await stopAll(supervised, options.dataDir);
  };
  const serving = startServing();
  // Whoever waits for it hears of a failure.
  serving.catch(() => undefined);
  try {
    await (isEarly ? writeUpFile(upFile()) : serving);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, gatewayUrl: upFile().gatewayUrl, serving, stop };
}

/** A port that is free now. */
function freePort(host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, host, () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}

async function stopAll(supervised: readonly Supervised[], dataDir: string): Promise<void> {
  const others = supervised.filter((one) => one.name !== "control");
  await Promise.all(others.map((one) => one.stop(GRACE_MS.serving)));
  const control = supervised.find((one) => one.name === "control");
  await control?.stop(GRACE_MS.control);
  // Control stops the database; where control was dead or did not end in time, somebody else must.
  if (existsSync(join(dataDir, "postgres", "data", "postmaster.pid"))) await stopDatabase(dataDir);
  await removeUpFile(dataDir);
}

async function startControl(
  options: UpOptions,
  port: number,
  signal?: AbortSignal,
): Promise<{ running: Running; ready: ControlReady }> {
  const args = [
    "control",
    "--host",
    options.host,
    "--port",
    String(port),
    ...(options.open ? ["--no-auth"] : []),
    ...(options.allowPrivateChannels === true ? ["--allow-private-channels"] : []),
    ...artifactFlags(options),
  ];
  const launch = { name: "control", program: PROGRAMS.server, args, variables: {}, dataDir: options.dataDir };
  const started = await startChild(launch, ControlReadyMessage, signal).catch((error) => {
    throw nameHolder(error, options.dataDir);
  });
  return { running: runningOf(started.process), ready: started.ready };
}

function artifactFlags({ artifactRoot }: Pick<UpOptions, "artifactRoot">): string[] {
  return artifactRoot === undefined ? [] : ["--artifact-root", artifactRoot];
}

/** Control knows which control holds the folder; whoever wants it free must stop the `up` above it. */
function nameHolder(error: unknown, dataDir: string): unknown {
  const up = readUp(dataDir);
  if (!(error instanceof CausewayError) || error.code !== "DATA_DIR_HELD" || up === undefined) return error;
  return fail("DATA_DIR_HELD", {
    message: `the data folder ${dataDir} is held by the Causeway of process ${up.pid}, which runs at ${up.url}`,
    field: "--data-dir",
    value: dataDir,
    help: `use the one that runs, stop it (kill ${up.pid}), or give another folder: --data-dir <folder>`,
    cause: error,
  });
}

async function startWorker(
  { dataDir, ...options }: Pick<UpOptions, "dataDir" | "artifactRoot">,
  control: ControlReady,
  signal?: AbortSignal,
): Promise<Running> {
  const variables = { CAUSEWAY_DATABASE_URL: control.databaseUrl, CAUSEWAY_CONTROL_URL: control.url };
  const launch = {
    name: "worker",
    program: PROGRAMS.server,
    args: ["worker", ...artifactFlags(options)],
    variables,
    dataDir,
  };
  return runningOf((await startChild(launch, WorkerReady, signal)).process);
}

async function stopDatabase(dataDir: string): Promise<void> {
  const launch = {
    name: "stop-database",
    program: PROGRAMS.server,
    args: ["stop-database"],
    variables: {},
    dataDir,
  };
  const { process } = await startChild(launch, WorkerReady);
  await Promise.race([runningOf(process).ended, pause(GRACE_MS.control, undefined, { ref: false })]);
}

function runningOf(process: import("node:child_process").ChildProcess): Running {
  return { pid: process.pid ?? 0, ended: new Promise((resolve) => process.once("exit", () => resolve())) };
}

async function makeDataDir(dataDir: string): Promise<void> {
  try {
    await makeFolder(dataDir);
  } catch (cause) {
    throw fail("DATA_DIR_UNWRITABLE", {
      message: `the data folder ${dataDir} cannot be made`,
      field: "--data-dir",
      value: dataDir,
      help: "give a folder that you may write: --data-dir <folder>",
      cause,
    });
  }
}

function messageOf(error: unknown): string {
  return error instanceof CausewayError ? error.message : String(error);
}
