/**
 * What npm runs after it installed the packages: the programs are bundled, so that already the first start is a quick one.
 * An installation never fails for it, and one without the locked Node is left alone.
 */
import { existsSync } from "node:fs";
import { buildPrograms, lockedNode } from "./set-up.js";

if (existsSync(lockedNode)) {
  try {
    await buildPrograms();
  } catch (error) {
    console.error(error);
  }
}
