/**
 * Runs a TypeScript file of this folder on the locked Node, installing it first where it is missing:
 * `node scripts/run.js check --changed`.
 */
import { join } from "node:path";
import { lockedNode, root, run, setUpPackages } from "./set-up.js";

const [name, ...args] = process.argv.slice(2);
const failed = await setUpPackages();
process.exitCode =
  failed || (await run(lockedNode, [join(root, "scripts", `${name}.ts`), ...args], { stdio: "inherit" }));
