import { fileURLToPath } from "node:url";
import type { Program } from "./platform/processes/index.ts";

// A file that is named in this very form is a program: where the programs run from a bundle, its bundled form is meant.
const SERVER = new URL("./main.ts", import.meta.url);
const GATEWAY = new URL("../../gateway/src/main.ts", import.meta.url);

/** Starts another role of this program. */
export const SERVER_PROGRAM: Program = {
  command: process.execPath,
  args: ["--disable-warning=ExperimentalWarning", fileURLToPath(SERVER)],
};

/** Starts the program that holds the model runtimes. */
export const GATEWAY_PROGRAM: Program = { command: process.execPath, args: [fileURLToPath(GATEWAY)] };
