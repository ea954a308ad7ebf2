import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { isAlive, startChild } from "./child.ts";
import { GatewayReady } from "./child-message.ts";
import { PROGRAMS } from "./programs.ts";
import { adopted, type Running } from "./supervised.ts";

/** What a gateway needs to be told. */
export type GatewayLaunch = {
  name: string;
  dataDir: string;
  controlUrl: string;
  host: string;
  port: number;
  token: string;
  open: boolean;
};

/** A running gateway and the port that it answers on. */
export type RunningGateway = { running: Running; port: number };

const GatewayFile = z.object({ pid: z.int(), port: z.int() });

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
      ],
      variables: { CAUSEWAY_GATEWAY_TOKEN: launch.token },
      dataDir: launch.dataDir,
    },
    GatewayReady,
    signal,
  );
  // The gateway outlives a killed `up`, so nothing of it may hang on the channel.
  process.disconnect();
  const ended = new Promise<void>((resolve) => process.once("exit", () => resolve()));
  return { running: { pid: process.pid ?? 0, ended }, port: ready.port };
}

/** A gateway that an earlier `up` left running on this data folder, when it lives and answers. */
export async function adoptGateway(
  dataDir: string,
  name: string,
  host: string,
): Promise<RunningGateway | undefined> {
  try {
    const { pid, port } = GatewayFile.parse(
      JSON.parse(await readFile(join(dataDir, "gateway", `${name}.json`), "utf8")),
    );
    if (!isAlive(pid)) return undefined;
    const live = await fetch(`http://${host}:${port}/health/live`, { signal: AbortSignal.timeout(2000) });
    return live.ok ? { running: adopted(pid), port } : undefined;
  } catch {
    // No file, or nobody answers: there is nothing to adopt.
    return undefined;
  }
}
