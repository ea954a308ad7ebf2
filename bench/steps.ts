/** Time between steps, a chain of twenty, request to first step, a fully cached second run: `node bench/steps.ts`. */
import { fileURLToPath } from "node:url";
import type { PipelineRun } from "@causeway/contract";
import { loadPipeline } from "@causeway/sdk/bundle";
import { removeFolder, startCauseway } from "../e2e/src/causeway.ts";
import { report, spread } from "./src/report.ts";

const REPEATS = 7;

const running = await startCauseway();
const { client } = running;
const loaded = await loadPipeline(fileURLToPath(new URL("pipelines/chain.pipeline.ts", import.meta.url)));
const { digest } = await client.pipelines.uploadBundle({}, new Blob([new Uint8Array(loaded.bundle)]));
await client.pipelines.deploy({ pipeline: "chain", bundle: digest, definition: loaded.definition });

const chain: number[] = [];
const between: number[] = [];
const toFirst: number[] = [];
const cached: number[] = [];
for (let repeat = 0; repeat < REPEATS; repeat += 1) {
  const fresh = await finished(repeat);
  // The first run fills the caches of compiled code; it is not counted.
  if (repeat === 0) continue;
  chain.push(ms(fresh.run.endedAt) - ms(fresh.run.startedAt));
  toFirst.push(ms(fresh.run.steps[0]?.startedAt ?? null) - ms(fresh.run.createdAt));
  for (const [index, step] of fresh.run.steps.entries()) {
    const before = fresh.run.steps[index - 1];
    if (before !== undefined) between.push(ms(step.startedAt) - ms(before.endedAt));
  }
  cached.push((await finished(repeat)).wallMs);
}
const line = (name: string, values: number[], budget: number) =>
  report({ bench: "steps", line: name, who: "causeway", unit: "ms", ...spread(values), budget });
line("chain of 20, a process per step", chain, 700);
line("upstream's end to next start", between, 28);
line("request to first step", toFirst, 35);
line("fully cached second run", cached, 100);
await running.stop();
await removeFolder(running.dataDir);

async function finished(salt: number): Promise<{ run: PipelineRun; wallMs: number }> {
  const startedAt = performance.now();
  const started = await client.pipelines.startRun({ pipeline: "chain", params: { salt } });
  let run = started;
  for await (const event of client.pipelines.follow(started)) if (event.kind === "run") run = event.run;
  if (run.state !== "succeeded") throw new Error(run.problem ?? run.state);
  return { run, wallMs: performance.now() - startedAt };
}

function ms(time: string | null): number {
  return time === null ? Number.NaN : Date.parse(time);
}
