import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { DemoFigures } from "../../scripts/demo/figures.ts";
import { processesOf, ROOT, removeFolder, run } from "../src/causeway.ts";

const LONGEST_MS = 400_000;

async function demo(changeWeek: string): Promise<DemoFigures> {
  const folder = await mkdtemp(join(tmpdir(), "causeway-demo-"));
  const dataDir = join(folder, ".causeway");
  try {
    const main = join(ROOT, "scripts", "demo", "main.ts");
    const args = [main, "--exit", "--json", "--change-week", changeWeek, "--data-dir", dataDir];
    const { code, stdout, stderr } = await run(process.execPath, args);
    process.stdout.write(stderr);
    expect(code).toBe(0);
    expect(processesOf(dataDir)).toEqual([]);
    return JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
  } finally {
    await removeFolder(dataDir);
    await rm(folder, { recursive: true, force: true });
  }
}

function accuracy(figures: DemoFigures, side: "with" | "without", weeks: readonly number[]): number {
  const values = weeks.map((week) => figures.weeks[week - 1]?.[side] ?? Number.NaN);
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

it("T3/demo a world that changes in week 5 is noticed, repaired after an approval, and no request fails", {
  timeout: LONGEST_MS,
}, async () => {
  const figures = await demo("5");
  expect(figures.weeks).toHaveLength(16);
  expect(figures.requests.failed).toBe(0);
  expect(accuracy(figures, "without", [1, 2, 3, 4])).toBeGreaterThan(0.83);
  expect(accuracy(figures, "without", [16])).toBeLessThan(0.46);
  expect(accuracy(figures, "with", [14, 15, 16])).toBeGreaterThan(0.83);
  expect(figures.trainings).toBeGreaterThan(0);
  const [changed, noticed, repaired] = [figures.changedAt, figures.noticedAt, figures.repairedAt].map(
    (time) => Date.parse(time ?? ""),
  );
  expect(noticed).toBeGreaterThan(changed ?? Number.NaN);
  expect(repaired).toBeGreaterThan(noticed ?? Number.NaN);
});

it("T3/demo T3/stable a world that never changes is left alone", { timeout: LONGEST_MS }, async () => {
  const figures = await demo("none");
  expect(figures).toMatchObject({ changedAt: null, repairedAt: null, trainings: 0 });
  expect(figures.requests.failed).toBe(0);
  for (const side of ["with", "without"] as const)
    expect(accuracy(figures, side, [1, 4, 8, 12, 16])).toBeGreaterThan(0.83);
});
