import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, rm } from "node:fs/promises";
import { Agent, request as httpRequest } from "node:http";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { churn, churnGolden } from "../testing/deployments.ts";
import { type FakeControl, startFakeControl } from "../testing/fake-control.ts";
import { type GatewayProcess, startGatewayProcess } from "../testing/gateway-process.ts";
import { postText, runOpenLoop } from "../testing/open-loop.ts";
import { loggedPredictions, PROGRAM } from "../testing/running-gateway.ts";

let control: FakeControl;
const started: GatewayProcess[] = [];

beforeAll(async () => {
  control = await startFakeControl();
  control.desire([churn(control)]);
});
afterAll(() => control.stop());
afterEach(async () => {
  for (const one of started.splice(0)) {
    if (one.child.exitCode === null && one.child.signalCode === null) await one.end("SIGKILL");
    await rm(one.dataDir, { recursive: true, force: true });
  }
});

async function start(more: Parameters<typeof startGatewayProcess>[1] = {}) {
  const gateway = await startGatewayProcess(control, more);
  started.push(gateway);
  return gateway;
}

const record = { x0: 1, x1: 0 };

/** Posts over one kept connection; never throws. */
function poster(port: number) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const post = () =>
    new Promise<{ status: number; id: string | null; close: boolean }>((resolve) => {
      const headers = { authorization: "Bearer key" };
      const request = httpRequest({
        port,
        host: "127.0.0.1",
        method: "POST",
        path: "/predict/churn",
        headers,
        agent,
      });
      request.on("error", (error: NodeJS.ErrnoException) =>
        resolve({ status: error.code === "ECONNREFUSED" ? -1 : 0, id: null, close: false }),
      );
      request.on("response", async (response) => {
        const chunks: Buffer[] = [];
        try {
          for await (const chunk of response) chunks.push(chunk);
          const { id = null } = JSON.parse(Buffer.concat(chunks).toString());
          resolve({ status: response.statusCode ?? 0, id, close: response.headers.connection === "close" });
        } catch {
          resolve({ status: 0, id: null, close: false });
        }
      });
      request.end(JSON.stringify(record));
    });
  return { post, end: () => agent.destroy() };
}

describe("the end of a gateway", () => {
  it("O4/kill loses no answered prediction when it is killed with -9 at any moment", async () => {
    const first = await start();
    const { dataDir } = first;
    const answered: string[] = [];
    let current = first;
    for (const answers of [20, 50, 1, 30, 10]) {
      await current.ready();
      const enough = answered.length + answers;
      let stop = false;
      const clients = Array.from({ length: 6 }, async () => {
        const { post, end } = poster(current.port);
        while (!stop) {
          const { status, id } = await post();
          if (status === 200 && id !== null) answered.push(id);
        }
        end();
      });
      await expect.poll(() => answered.length, { interval: 1 }).toBeGreaterThanOrEqual(enough);
      expect(await current.end("SIGKILL")).toBe("SIGKILL");
      stop = true;
      await Promise.all(clients);
      current = await start({ dataDir });
    }
    const logged = new Set((await loggedPredictions(dataDir)).map((row) => row.id));
    expect(answered.length).toBeGreaterThan(50);
    expect(answered.filter((id) => !logged.has(`${id}.0`))).toEqual([]);
  }, 60_000);

  it("O3/drain answers what is under way on SIGTERM, closes its connections and files, and ends with 0", async () => {
    const gateway = await start();
    await gateway.ready();
    let stop = false;
    const statuses = new Map<number, number>();
    const connected = new Set<number>();
    const clients = Array.from({ length: 8 }, async (_, client) => {
      const { post, end } = poster(gateway.port);
      while (!stop) {
        const { status, close } = await post();
        connected.add(client);
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        if (close || status !== 200) break;
      }
      end();
    });
    await expect.poll(() => connected.size, { interval: 1 }).toBe(8);
    await new Promise((resume) => setTimeout(resume, 50));
    const began = performance.now();
    expect(await gateway.end("SIGTERM")).toBe(0);
    expect(performance.now() - began).toBeLessThan(5000);
    stop = true;
    await Promise.all(clients);
    expect([...statuses.keys()]).toEqual([200]);
    const rows = await loggedPredictions(gateway.dataDir);
    expect(rows.length).toBe(statuses.get(200));
    await expect(readFile(join(gateway.dataDir, "gateway", "g1.json"))).rejects.toThrow("ENOENT");
  });

  it("outlives a killed parent, and tells the next one where it is", async () => {
    // A parent that starts the gateway as `up` does and is killed: its pipes and its channel break.
    const script = `
      import { fork } from "node:child_process";
      const child = fork(process.argv[1], process.argv.slice(2), { stdio: ["ignore", "pipe", "pipe", "ipc"], detached: true, execArgv: [] });
      child.on("message", (message) => process.send({ ...message, pid: child.pid }));`;
    const { dataDir, child } = await start();
    child.kill("SIGKILL");
    await once(child, "exit");
    const args = ["serve", "--data-dir", dataDir, "--control-url", control.url, "--port", "0"];
    const parent = spawn(process.execPath, ["--input-type=module", "-e", script, PROGRAM, ...args], {
      env: { ...process.env, CAUSEWAY_GATEWAY_TOKEN: control.token },
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    });
    const [{ port, pid }] = await once(parent, "message");
    parent.kill("SIGKILL");
    await once(parent, "exit");
    await new Promise((resume) => setTimeout(resume, 200));
    const presence = JSON.parse(await readFile(join(dataDir, "gateway", "g1.json"), "utf8"));
    expect(presence).toMatchObject({ pid, port, host: "127.0.0.1", controlUrl: control.url });
    expect((await fetch(`http://127.0.0.1:${port}/health/live`)).status).toBe(200);
    process.kill(pid, "SIGTERM");
    await expect.poll(() => isAlive(pid)).toBe(false);
  });
});

describe("switching", () => {
  it("O2/no-failures changes versions twenty times under 500 requests a second, open loop, kept connections", async () => {
    const gateway = await start();
    await gateway.ready();
    async function switchTwenty() {
      for (let revision = 2; revision <= 21; revision++) {
        const golden = await churnGolden(revision, [1, -2]);
        control.desire([churn(control, { revision, version: revision, weight: revision, golden })]);
        await control.reported("churn", revision, "ready");
        await new Promise((resume) => setTimeout(resume, 50));
      }
    }
    const request = postText("/predict/churn", JSON.stringify(record), "key");
    const { statuses, broken, latenciesMs } = await runOpenLoop({
      port: gateway.port,
      request,
      ratePerSecond: 500,
      until: switchTwenty(),
    });
    expect([...statuses.keys()]).toEqual([200]);
    expect(broken).toBe(0);
    expect(latenciesMs.length).toBeGreaterThan(500);
    const rows = await loggedPredictions(gateway.dataDir);
    expect(rows.length).toBe(statuses.get(200));
    expect(new Set(rows.map((row) => row.version)).size).toBe(21);
    control.desire([churn(control)]);
  }, 120_000);
});

describe("starting", () => {
  it("refuses a port that is taken, and names it", async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const address = other.address();
    const port = typeof address === "object" && address ? address.port : 0;
    await expect(start({ args: ["--port", String(port)] })).rejects.toThrow(`"code":"PORT_IN_USE"`);
    other.close();
  });

  it("refuses a second gateway of the same name in a folder", async () => {
    const first = await start();
    await expect(start({ dataDir: first.dataDir })).rejects.toThrow(`"code":"DATA_DIR_HELD"`);
    expect((await fetch(`${first.url}/health/live`)).status).toBe(200);
  });

  it("shares a port between gateways that are told to, and goes on when one ends", async () => {
    const first = await start({ args: ["--share-port"] });
    const second = await start({
      dataDir: first.dataDir,
      args: ["--share-port", "--name", "g2", "--port", String(first.port)],
    });
    for (let ready = 0; ready < 30; ) {
      const { post, end } = poster(first.port);
      ready = (await post()).status === 200 ? ready + 1 : 0;
      end();
    }
    const gateways = new Set<string>();
    for (let tries = 0; tries < 60; tries++) {
      const { post, end } = poster(first.port);
      expect((await post()).status).toBe(200);
      end();
    }
    for (const name of ["g1", "g2"]) {
      if ((await loggedPredictions(first.dataDir, name).catch(() => [])).length > 0) gateways.add(name);
    }
    expect([...gateways]).toEqual(["g1", "g2"]);
    expect(await second.end("SIGTERM")).toBe(0);
    const { post, end } = poster(first.port);
    expect((await post()).status).toBe(200);
    end();
  });
});

it("closes a connection that speaks no HTTP, and lives on", async () => {
  const gateway = await start();
  const socket = connect(gateway.port, "127.0.0.1");
  socket.write("hello there\r\n\r\n");
  const [answer] = await once(socket, "data");
  expect(String(answer)).toContain("400");
  socket.destroy();
  expect((await fetch(`${gateway.url}/health/live`)).status).toBe(200);
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
