import { createHash } from "node:crypto";
import { fail, type PipelineDefinition } from "@causeway/contract";
import type { BundleFile } from "./read-tar.ts";

/** Name of the module in every bundle. */
export const BUNDLE_MODULE = "pipeline.mjs";

/** Refuses a definition that names what its bundle does not hold. */
export function checkBundle(definition: PipelineDefinition, files: readonly BundleFile[]): void {
  const known = new Map(files.map(({ path, bytes }) => [path, bytes]));
  const requireFile = (path: string, step: string): Uint8Array => {
    const bytes = known.get(path);
    if (bytes !== undefined) return bytes;
    throw fail("BAD_PIPELINE", {
      message: `${step} runs ${path}, which the bundle does not hold`,
      field: step,
      value: path,
      help: "Deploy with the command line, which packs what steps name.",
    });
  };
  for (const { name, work, lock } of definition.steps) {
    if (work.kind === "function") requireFile(BUNDLE_MODULE, name);
    if (work.kind !== "python") continue;
    requireFile(work.script, name);
    if (work.lock === null) continue;
    const digest = createHash("sha256").update(requireFile(work.lock, name)).digest("hex");
    if (digest !== lock) {
      throw fail("BAD_PIPELINE", {
        message: `${name} names the lock ${work.lock} by a digest that is not that of the bundle's file`,
        field: `${name}.lock`,
        value: lock,
        help: "Deploy with the command line, which computes the digests.",
      });
    }
  }
}
