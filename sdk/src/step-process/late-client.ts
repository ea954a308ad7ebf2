import { createRequire } from "node:module";
import type { createClient as createNodeClient } from "../node-client.ts";

/** `createClient`, loaded when it is first called: few steps talk to the server, and every step starts a process. */
export function createClient(
  ...args: Parameters<typeof createNodeClient>
): ReturnType<typeof createNodeClient> {
  const module: { createClient: typeof createNodeClient } = createRequire(import.meta.url)(
    "../node-client.ts",
  );
  return module.createClient(...args);
}
