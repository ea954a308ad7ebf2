import { fileURLToPath } from "node:url";

/** Entry files of the programs that `up` starts; they are found by place, never imported. */
export const PROGRAMS = {
  server: fileURLToPath(new URL("../../../server/src/main.ts", import.meta.url)),
  gateway: fileURLToPath(new URL("../../../gateway/src/main.ts", import.meta.url)),
};
