import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { MLFLOW_PYTHON } from "../src/requirement.ts";

/** A real MLflow server that runs. */
export type MlflowServer = {
  readonly port: number;
  readonly url: string;
  readonly stop: () => Promise<void>;
};

/** Starts MLflow's own server with database and artifacts in a folder, and waits until it answers. */
export async function startMlflow(folder: string): Promise<MlflowServer> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const args = ["-m", "mlflow", "server", "--port", String(port), "--workers", "1"];
  args.push("--backend-store-uri", `sqlite:///${join(folder, "mlflow.db")}`);
  args.push("--artifacts-destination", join(folder, "artifacts"));
  const server = spawn(MLFLOW_PYTHON, args, { stdio: "ignore" });
  await answers(`${url}/health`, server);
  return { port, url, stop: () => ended(server) };
}

async function answers(url: string, server: ChildProcess): Promise<void> {
  while (server.exitCode === null) {
    if ((await fetch(url).catch(() => undefined))?.ok === true) return;
    await pause(200);
  }
  throw new Error(`the MLflow server ended with ${server.exitCode}`);
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const exit = once(child, "exit");
  child.kill("SIGTERM");
  await exit;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  return typeof address === "object" && address !== null ? address.port : 0;
}
