import { readFileSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { isAlive, startChild } from "./child.ts";
import { GatewayReady } from "./child-message.ts";
import { PROGRAMS } from "./programs.ts";
import { adopted, type Running, supervise } from "./supervised.ts";

/** What a gateway needs to be told. */
export type GatewayLaunch = {
  name: string;
  dataDir: string;
  controlUrl: string;
  host: string;
  port: number;
  token: string;
  open: boolean;
  /** Several gateways listen on one port. */
  shared: boolean;
};

/** A running gateway and the port that it answers on. */
export type RunningGateway = { running: Running; port: number };

/** What a gateway says of itself in the data folder, as far as it matters here. */
const GatewayFile = z.object({ pid: z.int(), host: z.string(), port: z.int(), controlUrl: z.string() });
type GatewayFile = z.infer<typeof GatewayFile>;

/** How long a gateway that does not fit gets to finish its requests. */
const GRACE_MS = 6000;

/** Starts a gateway and waits until it listens. */
export async function startGateway(launch: GatewayLaunch, signal?: AbortSignal): Promise<RunningGateway> {
  const { process, ready } = await startChild(
    {
      name: launch.name,
      program: PROGRAMS.gateway,
      args: [
        "serve",
        ...["--name", launch.name, "--control-url", launch.controlUrl],
        ...["--host", launch.host, "--port", String(launch.port)],
        ...(launch.open ? ["--no-auth"] : []),
        ...(launch.shared ? ["--share-port"] : []),
      ],
      variables: { CAUSEWAY_GATEWAY_TOKEN: launch.token },
      dataDir: launch.dataDir,
      // Requests leave no object that lives long: a larger nursery (16 MB by default) only makes the gateway 30 MB larger.
      nodeFlags: ["--max-semi-space-size=4"],
    },
    GatewayReady,
    signal,
  );
  // The gateway outlives a killed `up`, so nothing of it may hang on the channel.
  process.disconnect();
  const ended = new Promise<void>((resolve) => process.once("exit", () => resolve()));
  return { running: { pid: process.pid ?? 0, ended }, port: ready.port };
}

/** Gateways that an earlier `up` left running on this data folder, by name. */
export async function gatewaysLeft(dataDir: string): Promise<Map<string, GatewayFile>> {
  const folder = join(dataDir, "gateway");
  const names = (await readdir(folder).catch(() => [])).filter((file) => file.endsWith(".json"));
  const found = new Map<string, GatewayFile>();
  for (const file of names) {
    const text = await readFile(join(folder, file), "utf8").catch(() => "");
    const gateway = GatewayFile.safeParse(parseJson(text));
    if (gateway.success && runs(gateway.data.pid, dataDir))
      found.set(file.slice(0, -".json".length), gateway.data);
  }
  return found;
}

/** Takes a gateway over when it does what a new one would do; one that does not is asked to end, and waited for. */
export async function adoptGateway(
  left: GatewayFile | undefined,
  launch: GatewayLaunch,
): Promise<RunningGateway | undefined> {
  if (left === undefined) return undefined;
  const fits =
    left.controlUrl === launch.controlUrl &&
    left.host === launch.host &&
    (launch.port === 0 || launch.port === left.port) &&
    commandOf(left.pid).includes("--no-auth") === launch.open;
  if (fits && (await answers(left))) return { running: adopted(left.pid), port: left.port };
  await endGateway(left.pid);
  return undefined;
}

/** Ends a gateway that is nobody's child. */
export async function endGateway(pid: number): Promise<void> {
  const leftover = supervise("leftover", adopted(pid), {
    start: () => Promise.reject(new Error("it is not wanted")),
    onRestart: () => undefined,
  });
  await leftover.stop(GRACE_MS);
}

async function answers({ host, port }: GatewayFile): Promise<boolean> {
  try {
    return (await fetch(`http://${host}:${port}/health/live`, { signal: AbortSignal.timeout(2000) })).ok;
  } catch {
    return false;
  }
}

/** The system gives numbers out again: only a process that carries the data folder is the gateway. */
function runs(pid: number, dataDir: string): boolean {
  return isAlive(pid) && commandOf(pid).includes(dataDir);
}

function commandOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
  } catch {
    return [];
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
