import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FakeControl } from "./fake-control.ts";
import { PROGRAM } from "./running-gateway.ts";

/** A gateway as a process of its own, started as `up` starts it. */
export async function startGatewayProcess(
  control: Pick<FakeControl, "url" | "token">,
  more: { dataDir?: string; args?: string[] } = {},
) {
  const dataDir = more.dataDir ?? (await mkdtemp(join(tmpdir(), "gateway-process-")));
  const args = [
    "serve",
    "--data-dir",
    dataDir,
    "--control-url",
    control.url,
    "--port",
    "0",
    ...(more.args ?? []),
  ];
  const child = fork(PROGRAM, args, {
    execArgv: ["--disable-warning=ExperimentalWarning", "--max-semi-space-size=4"],
    env: { ...process.env, CAUSEWAY_GATEWAY_TOKEN: control.token },
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  let said = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    said += chunk.toString();
  });
  const port = await readyPort(child, () => said);
  const url = `http://127.0.0.1:${port}`;
  return {
    child,
    dataDir,
    port,
    url,
    said: () => said,
    /** Waits until the gateway answers that it is ready. */
    async ready() {
      for (let tries = 0; tries < 1000; tries++) {
        const response = await fetch(`${url}/health/ready`);
        await response.body?.cancel();
        if (response.ok) return;
        await new Promise((resume) => setTimeout(resume, 20));
      }
      throw new Error(`the gateway did not become ready: ${said}`);
    },
    async post(path: string, body: unknown) {
      const response = await fetch(url + path, {
        method: "POST",
        headers: { authorization: "Bearer key" },
        body: JSON.stringify(body),
      });
      return { status: response.status, json: await response.json() };
    },
    /** Ends the process and gives its exit code, or the signal that ended it. */
    async end(signal: NodeJS.Signals) {
      const exited = once(child, "exit");
      child.kill(signal);
      const [code, by] = await exited;
      return code ?? by;
    },
  };
}

export type GatewayProcess = Awaited<ReturnType<typeof startGatewayProcess>>;

function readyPort(child: ChildProcess, said: () => string): Promise<number> {
  return new Promise((resolve, reject) => {
    child.on("message", (message: { kind: string; port: number }) => {
      if (message.kind === "ready") resolve(message.port);
    });
    child.once("exit", (code) => reject(new Error(`the gateway ended with ${code}: ${said()}`)));
  });
}
