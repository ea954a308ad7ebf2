import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, it } from "vitest";
import { isAlive } from "./child.ts";
import { adopted, type Running, supervise } from "./supervised.ts";

function sleeper(script = "setInterval(() => {}, 1000)"): Running {
  const child = spawn(process.execPath, ["-e", script], { detached: true, stdio: "ignore" });
  return { pid: child.pid ?? 0, ended: once(child, "exit").then(() => undefined) };
}

async function until(condition: () => boolean, ms = 20_000): Promise<number> {
  const startedAt = Date.now();
  while (!condition()) {
    if (Date.now() - startedAt > ms) throw new Error("it did not happen in time");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return Date.now() - startedAt;
}

// Its bound is wall time, which a neighbour on the same cores may hold up once.
it("brings a killed process back within 3 s, and says so", { retry: 2 }, async () => {
  const news: string[] = [];
  const first = sleeper();
  const kept = supervise("one", first, {
    start: async () => sleeper(),
    onRestart: ({ name }) => news.push(name),
  });
  process.kill(first.pid, "SIGKILL");
  const tookMs = await until(() => kept.pid() !== undefined && kept.pid() !== first.pid);
  expect(tookMs).toBeLessThan(3000);
  expect(news).toEqual(["one"]);
  const pid = kept.pid() ?? 0;
  await kept.stop(2000);
  expect(isAlive(pid)).toBe(false);
});

it("kills what does not end when asked", async () => {
  const stubborn = sleeper("process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)");
  const kept = supervise("stubborn", stubborn, { start: async () => sleeper(), onRestart: () => undefined });
  await new Promise((resolve) => setTimeout(resolve, 200));
  await kept.stop(100);
  expect(isAlive(stubborn.pid)).toBe(false);
});

it("goes on trying when a start fails, and stops trying when stopped", async () => {
  let tries = 0;
  const first = sleeper("");
  const kept = supervise("failing", first, {
    start: async () => {
      tries += 1;
      throw new Error("no");
    },
    onRestart: () => undefined,
  });
  await until(() => tries >= 2);
  await kept.stop(100);
  const after = tries;
  await new Promise((resolve) => setTimeout(resolve, 700));
  expect(tries).toBe(after);
});

it("notices the end of a process that it did not start", async () => {
  const child = sleeper();
  const running = adopted(child.pid);
  process.kill(child.pid, "SIGKILL");
  await child.ended;
  await running.ended;
  expect(isAlive(child.pid)).toBe(false);
});
