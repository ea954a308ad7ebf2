import { join } from "node:path";
import { lockedNode, root, run, setUp } from "./set-up.js";
import { NODE_SUITES, projectFlags } from "./suites.js";

const failed = await setUp();
const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
process.exitCode =
  failed ||
  (await run(lockedNode, [vitest, "run", ...projectFlags(NODE_SUITES), ...process.argv.slice(2)], {
    stdio: "inherit",
  }));
