/** The case study in one command: sets up, then lives through sixteen weeks of a simulated shop. */
import { join } from "node:path";
import { lockedNode, root, run, setUp } from "./set-up.js";

const failed = await setUp();
process.exitCode =
  failed ||
  (await run(lockedNode, [join(root, "scripts", "demo", "main.ts"), ...process.argv.slice(2)], {
    stdio: "inherit",
    cwd: process.cwd(),
  }));
