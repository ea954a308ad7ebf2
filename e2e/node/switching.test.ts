import { Agent, request } from "node:http";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { expect, it } from "vitest";
import { ROOT, type Running, removeFolder, startCauseway } from "../src/causeway.ts";

const RATE = 500;
const SWITCHES = 20;

/** One open loop of requests: sent by the clock, whatever the answers do; every answer is counted. */
function load(running: Running, call: { path: string; key: string; body: string }) {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const { hostname, port } = new URL(running.gatewayUrl);
  const outcome = { sent: 0, answered: 0, failed: [] as string[], versions: new Set<string>() };
  const startedAt = performance.now();
  let open = true;
  const ask = () => {
    outcome.sent += 1;
    const asked = request(
      {
        agent,
        hostname,
        port,
        path: call.path,
        method: "POST",
        headers: {
          authorization: `Bearer ${call.key}`,
          "content-type": "application/json",
          "content-length": Buffer.byteLength(call.body),
        },
      },
      (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (chunk: string) => {
          text += chunk;
        });
        response.on("end", () => {
          outcome.answered += 1;
          if (response.statusCode !== 200) outcome.failed.push(`${response.statusCode} ${text}`);
          else outcome.versions.add(String(response.headers["causeway-model-version"]));
        });
      },
    );
    asked.on("error", (error) => {
      outcome.answered += 1;
      outcome.failed.push(String(error));
    });
    asked.end(call.body);
  };
  const tick = setInterval(() => {
    if (!open) return;
    const due = Math.floor(((performance.now() - startedAt) / 1000) * RATE);
    while (outcome.sent < due) ask();
  }, 2);
  return {
    outcome,
    async stop() {
      open = false;
      clearInterval(tick);
      for (let waited = 0; outcome.answered < outcome.sent && waited < 10_000; waited += 50) await pause(50);
      agent.destroy();
      return outcome;
    },
  };
}

async function statusOf(url: string, key: string, body: string): Promise<number> {
  const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
  const { status } = await fetch(url, { method: "POST", headers, body });
  return status;
}

it("O2/no-failures fails no request in 20 switches under 500 requests/s on kept connections", {
  timeout: 180_000,
}, async () => {
  const running = await startCauseway();
  try {
    const file = join(ROOT, "examples", "churn", "customers.csv");
    const pipeline = join(ROOT, "examples", "churn", "churn.pipeline.ts");
    await running.client.data.importFile("customers", file, { key: "customerID" });
    for (const learner of ["gradient-boosted-trees", "random-forest"]) {
      const trained = await running.cli("pipelines", "run", pipeline, "--learner", learner);
      expect(trained.stderr + trained.stdout).toContain("register");
      expect(trained.code).toBe(0);
    }
    expect((await running.cli("deployments", "create", "churn", "--serve", "churn@1")).code).toBe(0);
    const deployment = await running.client.deployments.getDeployment({ deployment: "churn" });
    const { secret } = await running.client.deployments.createKey({ deployment: "churn" });
    const body = JSON.stringify(deployment.example);
    // A new key is on its way to the gateway for a moment; the load begins when it has arrived.
    await expect.poll(() => statusOf(deployment.url, secret, body)).toBe(200);
    const traffic = load(running, { path: "/predict/churn", key: secret, body });
    await pause(500);
    for (let count = 0; count < SWITCHES; count += 1) {
      const version = count % 2 === 0 ? 2 : 1;
      await running.client.deployments.updateDeployment({ deployment: "churn", serve: `churn@${version}` });
      for (;;) {
        const now = await running.client.deployments.getDeployment({ deployment: "churn" });
        if (now.state === "failed") throw new Error(JSON.stringify(now.gateways));
        if (now.state === "ready" && now.serving?.version === version) break;
        await pause(20);
      }
    }
    const outcome = await traffic.stop();
    expect(outcome.failed).toEqual([]);
    expect(outcome.answered).toBe(outcome.sent);
    expect(outcome.sent).toBeGreaterThan(RATE);
    expect([...outcome.versions].sort()).toEqual(["1", "2"]);
  } finally {
    await running.stop();
    await removeFolder(running.dataDir);
  }
});
