import { join } from "node:path";
import { lockedNode, root, run, setUp } from "./set-up.js";

const failed = await setUp();
process.exitCode =
  failed ||
  (await run(lockedNode, [join(root, "cli", "bin", "causeway.js"), "up", ...process.argv.slice(2)], {
    stdio: "inherit",
  }));
