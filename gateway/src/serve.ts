import { readFileSync } from "node:fs";
import pino, { type Logger } from "pino";
import type { ServeCommand } from "./command-line.ts";
import { createControl } from "./desired/control.ts";
import { startGateway } from "./gateway.ts";
import { announce, refuseSecond } from "./presence.ts";

const DRAIN_MS = 5000;

/**
 * Serves until SIGTERM or SIGINT, then drains and ends with 0. The end of the parent is no reason to stop: the next `up`
 * adopts a gateway by its presence file.
 */
export async function serve(
  command: ServeCommand,
  program: { readonly path: string; readonly variables: Readonly<Record<string, string>> },
): Promise<void> {
  const { name, dataDir, controlUrl, host, port, sharePort, noAuth, hosts, token } = command;
  const log = createLog(command);
  await refuseSecond(dataDir, name);
  const version = ownVersion();
  const gateway = await startGateway({
    name,
    dataDir,
    version,
    control: createControl({ url: controlUrl, token, gateway: name }),
    token: noAuth ? null : token,
    hosts,
    pythonVariables: program.variables,
    trialProgram: [process.execPath, program.path, "trial", "--data-dir", dataDir],
    log,
    now: Date.now,
  });
  const stopped = Promise.withResolvers<void>();
  let leave: (() => Promise<void>) | undefined;

  async function stop(): Promise<void> {
    log.info("stopping: requests under way are answered first");
    await gateway.stop(DRAIN_MS);
    await leave?.();
    log.info("stopped");
    log.flush();
    stopped.resolve();
  }
  for (const signal of ["SIGTERM", "SIGINT"] as const)
    process.once(signal, () => stop().catch(stopped.reject));

  let listening: number;
  try {
    listening = await gateway.http.listen({ host, port, sharePort });
  } catch (error) {
    await gateway.stop(0);
    throw error;
  }
  leave = await announce(dataDir, name, {
    pid: process.pid,
    host,
    port: listening,
    version,
    controlUrl,
    startedAt: new Date().toISOString(),
  });
  log.info({ host, port: listening }, "the gateway listens");
  process.send?.({ kind: "ready", port: listening });
  await stopped.promise;
}

function createLog({ name, logLevel }: ServeCommand): Logger {
  const destination = pino.destination({ fd: 2, sync: false });
  // The parent that read standard error may be gone; serving goes on without it.
  destination.on("error", () => undefined);
  process.stdout.on("error", () => undefined);
  process.stderr.on("error", () => undefined);
  return pino(
    { name: `gateway ${name}`, level: logLevel, timestamp: pino.stdTimeFunctions.isoTime },
    destination,
  );
}

function ownVersion(): string {
  const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  return String(version);
}
