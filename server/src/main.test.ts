import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { chmod, mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, it } from "vitest";

const MAIN = join(import.meta.dirname, "main.ts");
const root = await mkdtemp(join(tmpdir(), "causeway-main-"));
const dataDir = join(root, "data");
const children: ChildProcess[] = [];

type Message = {
  kind: string;
  url: string;
  databaseUrl: string;
  gatewayToken: string;
  problem: { code: string; detail: string; help: string };
};

/** Starts a role and waits for the first thing that it says. */
async function start(role: string, ...args: string[]): Promise<{ child: ChildProcess; said: Message }> {
  const child = fork(MAIN, [role, ...args], {
    stdio: ["ignore", "ignore", "ignore", "ipc"],
    execArgv: ["--disable-warning=ExperimentalWarning"],
  });
  children.push(child);
  const [said] = await once(child, "message");
  return { child, said: said as Message }; // what main.ts sends
}

const startControl = (...args: string[]) => start("control", "--data-dir", dataDir, "--port", "0", ...args);

async function stop(
  child: ChildProcess,
  signal: NodeJS.Signals = "SIGTERM",
): Promise<[number | null, string | null]> {
  if (child.exitCode !== null || child.signalCode !== null) return [child.exitCode, child.signalCode];
  const ended = once(child, "exit");
  child.kill(signal);
  const [code, killedBy] = await ended;
  return [code, killedBy];
}

async function postgresPid(): Promise<number> {
  return Number(
    (await readFile(join(dataDir, "postgres", "data", "postmaster.pid"), "utf8").catch(() => "0")).split(
      "\n",
    )[0],
  );
}

/** A process that has ended may stay in the table until somebody asks for it. */
function lives(pid: number): boolean {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}

afterEach(async () => {
  for (const child of children.splice(0)) await stop(child);
});

afterAll(async () => {
  const { child } = await start("stop-database", "--data-dir", dataDir);
  if (child.exitCode === null) await once(child, "exit");
  // As root the database may lie outside its data folder.
  await rm(await realpath(join(dataDir, "postgres")), { recursive: true, force: true });
  await rm(root, { recursive: true, force: true });
});

describe("control", { timeout: 60_000 }, () => {
  it("X1/down answers, then ends with 0 at a signal, the database with it", async () => {
    const { child, said } = await startControl();
    expect(said).toMatchObject({ kind: "ready", url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/) });
    expect((await fetch(`${said.url}/health/ready`)).status).toBe(200);
    expect(said.gatewayToken).toMatch(/^cwg_/);
    const pid = await postgresPid();
    expect(await stop(child)).toEqual([0, null]);
    expect(lives(pid)).toBe(false);
    expect(existsSync(join(dataDir, "control.lock"))).toBe(false);
  });

  it("is back after a kill -9 with the database that lived on, and knows its old tokens", async () => {
    const first = await startControl();
    const pid = await postgresPid();
    const token = (await readFile(join(dataDir, "admin-token"), "utf8")).trim();
    await stop(first.child, "SIGKILL");
    expect(lives(pid)).toBe(true);
    const second = await startControl();
    expect(await postgresPid()).toBe(pid);
    const headers = { authorization: `Bearer ${token}` };
    const events = await fetch(`${second.said.url}/api/platform/events`, { headers });
    expect(await events.text()).toContain('"type":"platform.started"');
  });

  it("goes on when its database was killed, and its streams tell what happens then", async () => {
    const { said } = await startControl();
    const token = (await readFile(join(dataDir, "admin-token"), "utf8")).trim();
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    const make = (name: string) =>
      fetch(`${said.url}/api/platform/tokens`, {
        method: "POST",
        headers,
        body: JSON.stringify({ name, permissions: ["data:read"] }),
      });
    expect((await make("before")).status).toBe(200);
    const pid = await postgresPid();
    process.kill(pid, "SIGKILL");
    await expect.poll(async () => (await make("after")).status, { timeout: 20_000 }).toBe(200);
    expect(await postgresPid()).not.toBe(pid);
    const stream = await fetch(`${said.url}/api/platform/events/stream`, { headers });
    await make("seen");
    let text = "";
    for await (const chunk of stream.body ?? []) {
      text += Buffer.from(chunk).toString();
      if (text.includes('"name":"seen"')) break;
    }
    const listed = await (await fetch(`${said.url}/api/platform/tokens`, { headers })).text();
    for (const name of ["before", "after", "seen"]) expect(listed).toContain(`"name":"${name}"`);
  });

  it("ends when its parent is gone, and leaves the database for the next", async () => {
    const { child } = await startControl();
    const pid = await postgresPid();
    const ended = once(child, "exit");
    child.disconnect();
    expect((await ended)[0]).toBe(0);
    expect(lives(pid)).toBe(true);
  });

  it("leaves a database that stop-database ends, and that is not started for it", async () => {
    const { child } = await startControl();
    const pid = await postgresPid();
    await stop(child, "SIGKILL");
    const first = await start("stop-database", "--data-dir", dataDir);
    if (first.child.exitCode === null) await once(first.child, "exit");
    expect([lives(pid), await postgresPid()]).toEqual([false, 0]);
    const nowhere = join(root, "nowhere");
    const second = await start("stop-database", "--data-dir", nowhere);
    expect(second.said.kind).toBe("ready");
    expect(existsSync(nowhere)).toBe(false);
  });

  it("X1/held refuses a folder that another one serves, and names it", async () => {
    const { child, said } = await startControl();
    const second = await startControl();
    expect(second.said).toMatchObject({ kind: "failed", problem: { code: "DATA_DIR_HELD" } });
    expect(second.said.problem.detail).toContain(`process ${child.pid}`);
    expect(second.said.problem.detail).toContain(said.url);
    expect((await once(second.child, "exit"))[0]).toBe(1);
  });

  it("leaves nothing running when it cannot start, or is told to end while it does", async () => {
    const first = await startControl();
    await stop(first.child);
    const child = fork(MAIN, ["control", "--data-dir", dataDir, "--port", "0"], { stdio: "ignore" });
    children.push(child);
    await expect
      .poll(() => existsSync(join(dataDir, "control.lock")), { timeout: 20_000, interval: 5 })
      .toBe(true);
    await stop(child);
    expect(await postgresPid()).toBe(0);
    const strange = join(dataDir, "gateway-token");
    const kept = await readFile(strange, "utf8");
    await writeFile(strange, "");
    const { child: failing, said } = await startControl();
    expect(said).toMatchObject({ kind: "failed", problem: { code: "CONFIG_INVALID" } });
    await once(failing, "exit");
    expect(await postgresPid()).toBe(0);
    expect(existsSync(join(dataDir, "control.lock"))).toBe(false);
    await writeFile(strange, kept);
  });

  it("says who has its port and how to choose another", async () => {
    const taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    const address = taken.address();
    const port = typeof address === "object" ? address?.port : 0;
    const { said } = await start("control", "--data-dir", dataDir, "--port", String(port));
    expect(said).toMatchObject({ kind: "failed", problem: { code: "PORT_IN_USE" } });
    expect(said.problem.help).toContain("--port 0");
    expect(existsSync(join(dataDir, "control.lock"))).toBe(false);
    taken.close();
  });

  it("says that its folder cannot be written", async () => {
    const file = join(root, "file");
    await writeFile(file, "");
    const { said } = await start("control", "--data-dir", join(file, "data"), "--port", "0");
    expect(said.problem.code).toBe("DATA_DIR_UNWRITABLE");
    if (process.getuid?.() !== 0) {
      await chmod(root, 0o500);
      const closed = await start("control", "--data-dir", join(root, "closed"), "--port", "0");
      await chmod(root, 0o700);
      expect(closed.said.problem.code).toBe("DATA_DIR_UNWRITABLE");
    }
  });

  it("names every wrong setting at once", async () => {
    const { said } = await start("control", "--port", "many", "--host");
    expect(said.problem.code).toBe("CONFIG_INVALID");
    expect(said.problem.detail).toContain("--port");
    expect(said.problem.detail).toContain("--host: the value is missing");
    const unknown = await start("conductor");
    expect(unknown.said.problem.help).toContain("control, worker");
  });
});
