import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pino from "pino";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createUuidV7 } from "../uuid-v7.ts";
import { createPredictionLog, type PredictionLogOptions } from "./prediction-log.ts";
import { recoverSpool } from "./recover-spool.ts";
import type { Segment } from "./segment.ts";

let folder = "";
const newId = createUuidV7(Date.now);
const silent = pino({ level: "silent" });

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "spool-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function predictionLog(more: Partial<PredictionLogOptions> = {}) {
  return createPredictionLog({ folder, log: silent, now: Date.now, ...more });
}

async function linesOnDisk(): Promise<string[]> {
  const files = (await readdir(folder)).sort();
  const texts = await Promise.all(files.map((name) => readFile(join(folder, name), "utf8")));
  return texts.flatMap((text) => text.split("\n").filter(Boolean));
}

it("has a line in the kernel before it says so, in a file named for its first id", async () => {
  const log = predictionLog();
  const id = newId();
  expect(await log.append('{"n":1}\n', id)).toBe(true);
  expect(await readdir(folder)).toEqual([`${id}.jsonl`]);
  expect(await linesOnDisk()).toEqual(['{"n":1}']);
  await log.close();
  expect(await readdir(folder)).toEqual([`${id}.closed.jsonl`]);
});

it("keeps many writers' lines whole, each once", async () => {
  const log = predictionLog({ rotateBytes: 2000 });
  const kept = await Promise.all(
    Array.from({ length: 3000 }, async (_, n) => {
      if (n % 7 === 0) await new Promise((resume) => setTimeout(resume, n % 13));
      return log.append(`{"n":${n}}\n`, newId());
    }),
  );
  await log.close();
  expect(kept.every(Boolean)).toBe(true);
  const numbers = (await linesOnDisk()).map((line) => Number(JSON.parse(line).n)).sort((a, b) => a - b);
  expect(numbers).toEqual(Array.from({ length: 3000 }, (_, n) => n));
});

it("starts a new file by size and by age, and closes an idle one", async () => {
  const log = predictionLog({ rotateBytes: 5, syncMs: 10, rotateMs: 30 });
  await log.append("one line\n", newId());
  await log.append("two\n", newId());
  const closed = async () => (await readdir(folder)).filter((name) => name.endsWith(".closed.jsonl"));
  await expect.poll(closed).toHaveLength(2);
  expect(await readdir(folder)).toHaveLength(2);
  await log.close();
});

it("says at once that nothing is kept where the folder cannot be written, and comes back by itself", async () => {
  const log = predictionLog({ folder: join(folder, "missing"), retryMs: 30 });
  expect(await log.append("a\n", newId())).toBe(false);
  expect(await log.append("b\n", newId())).toBe(false);
  expect(log.lost()).toBe(2);
  await recoverSpool(join(folder, "missing"));
  await new Promise((resume) => setTimeout(resume, 40));
  expect(await log.append("c\n", newId())).toBe(true);
  await log.close();
});

it("O4/no-wait gives up a disk that hangs, and uses it again once it answers", async () => {
  const disk = Promise.withResolvers<void>();
  const lines: string[] = [];
  const hanging: Segment = {
    openedAt: Date.now(),
    bytes: () => 0,
    async append(text) {
      await disk.promise;
      lines.push(text.toString());
    },
    sync: async () => undefined,
    close: async () => undefined,
  };
  const log = predictionLog({ syncMs: 10, stallMs: 50, retryMs: 60_000, open: async () => hanging });
  const began = performance.now();
  expect(await log.append("a\n", newId())).toBe(false);
  expect(performance.now() - began).toBeGreaterThan(45);
  expect(await log.append("b\n", newId())).toBe(false);
  expect(log.lost()).toBe(2);
  disk.resolve();
  await expect.poll(() => log.append("c\n", newId())).toBe(true);
  await log.close();
  expect(lines).toContain("a\n");
});

it("cuts the torn last line that a killed gateway left, and closes its files", async () => {
  await writeFile(join(folder, "b.jsonl"), '{"n":1}\n{"n":2}\n{"n":3,"to');
  await writeFile(join(folder, "a.jsonl"), "");
  await writeFile(join(folder, "c.jsonl"), `{"long":"${"x".repeat(200_000)}`);
  await writeFile(join(folder, "d.closed.jsonl"), '{"n":0}\n');
  const recovered = await recoverSpool(folder);
  expect(recovered.map((one) => one.cutBytes)).toEqual([0, 10, 200_009]);
  expect((await readdir(folder)).sort()).toEqual(["b.closed.jsonl", "d.closed.jsonl"]);
  expect(await readFile(join(folder, "b.closed.jsonl"), "utf8")).toBe('{"n":1}\n{"n":2}\n');
});
