import { once } from "node:events";
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { expect, it } from "vitest";
import { causeway, processesOf, removeFolder, run, startCauseway, temporaryFolder } from "../src/causeway.ts";

// Two bounds below are wall time, which a neighbour on the same cores may hold up once.
const RETRIED = { retry: 2 };

it("X1/up starts everything, writes where it is, and leaves nothing behind", RETRIED, async () => {
  const running = await startCauseway();
  expect(Object.keys(await running.processes()).sort()).toEqual(["control", "g1", "worker"]);
  expect(statSync(running.dataDir).mode & 0o777).toBe(0o700);
  expect(statSync(join(running.dataDir, "admin-token")).mode & 0o777).toBe(0o600);
  for (const url of [running.url, running.gatewayUrl]) {
    expect((await fetch(`${url}/health/ready`)).status).toBe(200);
  }
  const startedAt = Date.now();
  expect(await running.stop()).toBe(0);
  expect(Date.now() - startedAt).toBeLessThan(10_000);
  expect(existsSync(join(running.dataDir, "up.json"))).toBe(false);
  expect(processesOf(running.dataDir)).toEqual([]);
  await removeFolder(running.dataDir);
});

it("X1/supervised brings a killed control, worker and gateway back within 3 s", RETRIED, async () => {
  const running = await startCauseway();
  try {
    const before = await running.processes();
    // On a machine that is busy enough to start slowly, as much longer.
    const withinMs = Math.max(3000, 1.5 * running.readyMs);
    for (const name of ["worker", "g1", "control"]) {
      const killedAt = Date.now();
      process.kill(before[name] ?? 0, "SIGKILL");
      for (;;) {
        const now = (await running.processes())[name];
        if (now !== undefined && now !== 0 && now !== before[name]) break;
        if (Date.now() - killedAt > withinMs) throw new Error(`${name} is not back: ${running.said()}`);
        await new Promise((resolve) => setTimeout(resolve, 25));
      }
    }
    expect((await running.client.platform.about()).url).toBe(running.url);
  } finally {
    expect(await running.stop()).toBe(0);
    expect(processesOf(running.dataDir)).toEqual([]);
    await removeFolder(running.dataDir);
  }
});

it("adopts gateway and database of a killed up, whose control and worker end by themselves", async () => {
  const first = await startCauseway();
  const before = await first.processes();
  const ended = once(first.up, "exit");
  first.up.kill("SIGKILL");
  await ended;
  const second = await startCauseway({ dataDir: first.dataDir });
  try {
    expect((await second.client.platform.about()).version).toBeTruthy();
    const after = await second.processes();
    expect(after["control"]).not.toBe(before["control"]);
    const left = (name: string) =>
      processesOf(first.dataDir).filter((line) => line.startsWith(`${before[name]} `));
    for (const name of ["control", "worker"]) await expect.poll(() => left(name)).toEqual([]);
  } finally {
    expect(await second.stop()).toBe(0);
    expect(processesOf(first.dataDir)).toEqual([]);
    await removeFolder(first.dataDir);
  }
});

it("X1/held a second up says who holds the data folder", async () => {
  const running = await startCauseway();
  try {
    const second = await causeway([
      "up",
      "--port",
      "0",
      "--gateway-port",
      "0",
      "--data-dir",
      running.dataDir,
    ]);
    expect(second.code).toBe(1);
    expect(second.stderr).toMatch(/held by/);
    expect(second.stderr).toContain(`kill ${running.up.pid}`);
    expect((await fetch(`${running.url}/health/ready`)).status).toBe(200);
  } finally {
    await running.stop();
    await removeFolder(running.dataDir);
  }
});

it("X8/errors says which port is taken and how to take another", async () => {
  const blocker = createServer().listen(0, "127.0.0.1");
  await once(blocker, "listening");
  const address = blocker.address();
  const port = typeof address === "object" && address !== null ? String(address.port) : "";
  const dataDir = join(await temporaryFolder(), ".causeway");
  try {
    const control = await causeway(["up", "--port", port, "--gateway-port", "0", "--data-dir", dataDir]);
    expect(control.code).toBe(1);
    expect(control.stderr).toContain(port);
    expect(control.stderr).toContain("--port");
    const gateway = await causeway(["up", "--port", "0", "--gateway-port", port, "--data-dir", dataDir]);
    expect(gateway.code).toBe(1);
    expect(gateway.stderr).toContain(port);
    expect(processesOf(dataDir)).toEqual([]);
  } finally {
    blocker.close();
    await removeFolder(dataDir);
  }
});

it("refuses a data folder that cannot be written, and a host that is not loopback without auth", async () => {
  const folder = await temporaryFolder();
  mkdirSync(join(folder, "locked"));
  chmodSync(join(folder, "locked"), 0o500);
  chmodSync(folder, 0o755);
  // Root writes everywhere, so the folder is on a file system that is read-only for everybody.
  const dataDir = process.getuid?.() === 0 ? "/proc/causeway" : join(folder, "locked", ".causeway");
  const refused = await causeway(["up", "--data-dir", dataDir, "--port", "0"]);
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain(dataDir);
  const open = await causeway([
    "up",
    "--no-auth",
    "--host",
    "0.0.0.0",
    "--port",
    "0",
    "--data-dir",
    join(folder, "d"),
  ]);
  expect(open.code).not.toBe(0);
  expect(open.stderr).toMatch(/127\.0\.0\.1/);
  expect(processesOf(folder)).toEqual([]);
  await removeFolder(folder);
});

it("X1/down takes two Ctrl-C as one and still ends in order", async () => {
  const running = await startCauseway();
  const ended = once(running.up, "exit");
  running.up.kill("SIGINT");
  setTimeout(() => running.up.kill("SIGINT"), 100);
  const [code] = await ended;
  expect(code).toBe(0);
  expect(processesOf(running.dataDir)).toEqual([]);
  await removeFolder(running.dataDir);
});

it("tells an old Node in one line what to do", async () => {
  const old = ["/usr/bin/node", "/usr/local/bin/node"].find((path) => {
    if (!existsSync(path)) return false;
    return true;
  });
  if (old === undefined) return;
  const version = await run(old, ["--version"]);
  if (Number(version.stdout.slice(1).split(".")[0]) >= 24) return;
  const refused = await run(old, ["cli/bin/causeway.js", "up"]);
  expect(refused.code).toBe(1);
  expect(refused.stderr.trim().split("\n")).toHaveLength(1);
  expect(refused.stderr).toContain("Node 24");
});

it("shares one port among several gateways", async () => {
  const running = await startCauseway({ args: ["--gateways", "2"] });
  try {
    const processes = await running.processes();
    expect(processes["g1"]).toBeGreaterThan(0);
    expect(processes["g2"]).toBeGreaterThan(0);
    const up = JSON.parse(readFileSync(join(running.dataDir, "up.json"), "utf8"));
    expect(up.gatewayUrl).toBe(running.gatewayUrl);
    expect((await fetch(`${running.gatewayUrl}/health/live`)).status).toBe(200);
  } finally {
    expect(await running.stop()).toBe(0);
    expect(processesOf(running.dataDir)).toEqual([]);
    await removeFolder(running.dataDir);
  }
});
