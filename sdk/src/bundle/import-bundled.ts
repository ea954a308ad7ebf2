import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire, registerHooks } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fail } from "@causeway/contract";

/** Where a bundle's own imports lead in this program. */
const MODULES: Readonly<Record<string, string>> = {
  "causeway-ml": new URL("../index.ts", import.meta.url).href,
  "causeway-ml/steps": new URL("../steps/index.ts", import.meta.url).href,
};

/** Runs a bundled module in this process and gives its default export. */
export async function importBundled(code: string, file: string): Promise<unknown> {
  const folder = await mkdtemp(join(tmpdir(), "causeway-bundle-"));
  const hooks = registerHooks({
    resolve(specifier, context, next) {
      const url = MODULES[specifier];
      return url === undefined ? next(specifier, context) : { url, shortCircuit: true };
    },
  });
  try {
    const path = join(folder, "pipeline.mjs");
    await writeFile(path, code);
    // Loaded in one go, so that the hooks are in place for this module alone; top-level await is refused.
    const module: unknown = createRequire(import.meta.url)(path);
    return typeof module === "object" && module !== null && "default" in module ? module.default : undefined;
  } catch (cause) {
    throw fail("BAD_PIPELINE", {
      message: `${file} failed while it was loaded: ${cause instanceof Error ? cause.message : String(cause)}`,
      value: file,
      help: "A pipeline file only declares; work belongs into its steps.",
      cause,
    });
  } finally {
    hooks.deregister();
    await rm(folder, { recursive: true, force: true });
  }
}
