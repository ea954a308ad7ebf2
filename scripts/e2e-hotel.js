/** The hotel benchmark in one command: sets up, lives through the real table, prints its figures as the last line. */
import { join } from "node:path";
import { lockedNode, root, run, setUp } from "./set-up.js";

const failed = await setUp();
process.exitCode =
  failed ||
  (await run(lockedNode, [join(root, "e2e", "src", "real-streams.ts"), "hotel"], { stdio: "inherit" }));
