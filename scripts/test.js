import { join } from "node:path";
import { lockedNode, root, run, setUp } from "./set-up.js";

/** The suites that need nothing but Node; `.ci/run` adds those that need Python, a browser or shared data. */
const SUITES = ["contract", "statistics", "sdk", "server", "gateway", "cli", "web", "scripts", "e2e-node"];

const failed = await setUp();
process.exitCode =
  failed ||
  (await run(
    lockedNode,
    [
      join(root, "node_modules", "vitest", "vitest.mjs"),
      "run",
      ...SUITES.flatMap((suite) => ["--project", suite]),
      ...process.argv.slice(2),
    ],
    { stdio: "inherit" },
  ));
