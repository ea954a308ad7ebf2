/** How long `up` takes until ready, first ever and later, and what it needs at rest: `node bench/start.ts`. */
import { realpath } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { processesOf, removeFolder, startCauseway, temporaryFolder } from "../e2e/src/causeway.ts";
import { databaseProcess } from "../e2e/src/database-process.ts";
import { buildPrograms } from "../scripts/set-up.js";
import { cpuSeconds, descendants, memoryOf } from "./src/memory.ts";
import { report, round, spread } from "./src/report.ts";

// As after `npm start`: a source that changed since would be measured in their place.
await buildPrograms();

const REPEATS = 5;
const REST_MS = 30_000;

const first: number[] = [];
const later: number[] = [];
for (let repeat = 0; repeat < REPEATS; repeat += 1) {
  const fresh = await startCauseway();
  first.push(fresh.readyMs);
  await fresh.stop();
  const again = await startCauseway({ dataDir: fresh.dataDir });
  later.push(again.readyMs);
  await again.stop();
  await removeFolder(fresh.dataDir);
}
report({
  bench: "start",
  line: "up to ready, first ever",
  who: "causeway",
  unit: "ms",
  ...spread(first),
  budget: 4000,
});
report({
  bench: "start",
  line: "up to ready, later",
  who: "causeway",
  unit: "ms",
  ...spread(later),
  budget: 1500,
});

const base = await startCauseway();
const folder = await temporaryFolder();
const socket = encodeURIComponent(await realpath(join(base.dataDir, "postgres")));
const variables = {
  DATABASE_URL: `postgres://causeway@localhost:5432/causeway?host=${socket}&sslmode=disable`,
};
const inARow: number[] = [];
for (let repeat = 0; repeat < REPEATS; repeat += 1) {
  const server = await startCauseway({ dataDir: join(folder, String(repeat)), variables });
  inARow.push(server.readyMs);
  await server.stop();
}
await base.stop();
await removeFolder(base.dataDir);
await removeFolder(folder);
report({
  bench: "start",
  line: "up to ready, with the team's database that is migrated",
  who: "causeway",
  unit: "ms",
  ...spread(inARow),
  budget: 700,
});

const running = await startCauseway();
await pause(5000);
const server = await databaseProcess(running.dataDir);
const database = server === undefined ? [] : descendants(server);
const pids = [
  ...new Set([...processesOf(running.dataDir).map((line) => Number(line.split(" ")[0])), ...database]),
];
const cpuBefore = cpuSeconds(pids);
await pause(REST_MS);
const cpuPercent = ((cpuSeconds(pids) - cpuBefore) / (REST_MS / 1000)) * 100;
const memory = memoryOf(running.dataDir, database);
for (const name of new Set(memory.map((one) => one.name))) {
  const pss = memory.filter((one) => one.name === name).reduce((sum, one) => sum + one.pssMB, 0);
  report({ bench: "rest", line: `memory of ${name}`, who: "causeway", unit: "MB", ...spread([pss]) });
}
const total = memory.reduce((sum, one) => sum + one.pssMB, 0);
report({
  bench: "rest",
  line: "memory of all processes",
  who: "causeway",
  unit: "MB",
  ...spread([total]),
  budget: 400,
});
report({
  bench: "rest",
  line: "cpu",
  who: "causeway",
  unit: "% of one core",
  ...spread([round(cpuPercent)]),
  budget: 1,
});
await running.stop();
await removeFolder(running.dataDir);
