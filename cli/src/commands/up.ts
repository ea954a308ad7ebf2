import { resolve } from "node:path";
import { CausewayError } from "@causeway/contract";
import { type Command, InvalidArgumentError } from "commander";
import { outputOf } from "../output.ts";
import type { SharedOptions } from "../session.ts";
import { startInstallation } from "../up/installation.ts";
import { onStopSignals } from "../up/signals.ts";

type UpCommandOptions = SharedOptions & {
  host: string;
  port: number;
  gatewayPort: number;
  gateways: number;
  auth: boolean;
  allowPrivateChannels?: boolean;
  artifactRoot?: string;
};

/** `causeway up`: starts and supervises control, worker, gateways and the embedded database. */
export function addUpCommand(program: Command): void {
  program
    .command("up")
    .description("start Causeway on this machine and keep it running")
    .option(
      "--data-dir <folder>",
      "where everything is kept",
      process.env["CAUSEWAY_DATA_DIR"] ?? ".causeway",
    )
    .option("--host <address>", "address to listen on", "127.0.0.1")
    .option("--port <port>", "port of control, 0 for any free one", port, 7420)
    .option("--gateway-port <port>", "port of the gateways, 0 for any free one", port, 7421)
    .option("--gateways <count>", "how many gateways share the port", gateways, 1)
    .option("--no-auth", "let everybody on this machine do everything; loopback only")
    .option("--allow-private-channels", "let channels send to addresses of your own network")
    .option(
      "--artifact-root <folder>",
      "folder or file:// address for files, in place of one in the data folder",
    )
    .option("--json", "print one line of JSON when ready")
    .action(async (_: unknown, command: Command) => up(command.optsWithGlobals<UpCommandOptions>()));
}

async function up(options: UpCommandOptions): Promise<void> {
  const out = outputOf(options);
  const startedAt = performance.now();
  const dataDir = resolve(options.dataDir ?? ".causeway");
  let ask: () => void = () => undefined;
  const asked = new Promise<void>((resolveAsked) => {
    ask = resolveAsked;
  });
  onStopSignals(process, {
    stop: () => {
      out.note("stopping: requests in flight are finished, then the database");
      ask();
    },
    force: () => process.exit(1),
    clock: () => performance.now(),
  });
  const starting = startInstallation(
    {
      dataDir,
      host: options.host,
      port: options.port,
      gatewayPort: options.gatewayPort,
      gateways: options.gateways,
      open: !options.auth,
      allowPrivateChannels: options.allowPrivateChannels ?? false,
      artifactRoot: options.artifactRoot,
    },
    (line) => out.note(line),
  );
  const running = await starting;
  const readyMs = Math.round(performance.now() - startedAt);
  const { url, gatewayUrl } = running;
  if (options.json) {
    out.answer({ url, gatewayUrl, dataDir, readyMs }, () => "");
  } else {
    const link = await signInLink(dataDir, url);
    out.answer(null, () => banner({ link, gatewayUrl, dataDir, readyMs }));
  }
  // Nothing of ours keeps the loop alive while waiting for a signal, except this.
  const alive = setInterval(() => undefined, 60_000);
  try {
    // With the team's database the rest may still be on its way; where it cannot come, nothing is left behind.
    await Promise.race([asked, running.serving.then(() => asked)]);
  } finally {
    clearInterval(alive);
    await running.stop();
  }
  out.note("stopped");
}

async function signInLink(dataDir: string, url: string): Promise<string> {
  // Only people are given a link: servers that are started by the hundred load no client.
  const { createClient } = await import("@causeway/sdk");
  try {
    return (await createClient({ dataDir, url }).platform.createSignInLink()).url;
  } catch (error) {
    if (error instanceof CausewayError) return url;
    throw error;
  }
}

function banner(ready: { link: string; gatewayUrl: string; dataDir: string; readyMs: number }): string {
  return [
    `  Causeway is ready: ${ready.link}  (link signs you in once)`,
    `  predictions: ${ready.gatewayUrl}   data: ${ready.dataDir}   ready in ${(ready.readyMs / 1000).toFixed(1)} s`,
    "  database, worker, gateway: running   Ctrl-C stops everything",
  ].join("\n");
}

function port(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0 && value <= 65_535) return value;
  throw new InvalidArgumentError("give a whole number from 0 (any free port) to 65535");
}

function gateways(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= 64) return value;
  throw new InvalidArgumentError("give a whole number from 1 to 64");
}
