import { createHash } from "node:crypto";
import { stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { fail, type PipelineDefinition } from "@causeway/contract";
import { isBadPipeline } from "../pipeline/bad-pipeline.ts";
import { isPipeline } from "../pipeline/pipeline.ts";
import { bundleModule } from "./bundle-module.ts";
import { compilePipeline } from "./compile.ts";
import { importBundled } from "./import-bundled.ts";
import { collectFiles } from "./place-files.ts";
import { packTar } from "./tar.ts";

/** Name of the module in every bundle. */
const MODULE = "pipeline.mjs";

/** A pipeline file, ready to be deployed. */
export type LoadedPipeline = {
  readonly definition: PipelineDefinition;
  /** A gzipped tar of the code, scripts and locks; the same files give the same bytes. */
  readonly bundle: Uint8Array;
  /** sha256 of the bundle. */
  readonly digest: string;
};

/**
 * Loads a pipeline file: bundles it with what it imports, draws its graph, checks it and packs it with the scripts and
 * locks that its steps name. Whatever is wrong with it is a BAD_PIPELINE.
 */
export async function loadPipeline(file: string): Promise<LoadedPipeline> {
  const path = resolve(file);
  const found = await stat(path).catch((cause) => {
    throw fail("NOT_FOUND", {
      message: `There is no file ${path}`,
      value: file,
      help: "Give the path of a pipeline file.",
      cause,
    });
  });
  if (!found.isFile()) {
    throw fail("BAD_PIPELINE", {
      message: `${path} is not a file`,
      value: file,
      help: "Give the path of a pipeline file.",
    });
  }
  const code = await bundleModule(path);
  const pipeline = await importBundled(code, path);
  if (!isPipeline(pipeline)) {
    throw fail("BAD_PIPELINE", {
      message: `${path} does not export a pipeline by default`,
      value: file,
      help: "Write: export default pipeline(name, { steps() { ... } }).",
    });
  }
  const files = collectFiles(dirname(path));
  const bytes = Buffer.from(code);
  try {
    const moduleDigest = createHash("sha256").update(bytes).digest("hex");
    const definition = await compilePipeline(pipeline, { moduleDigest, files });
    const bundle = packTar([{ path: MODULE, bytes }, ...files.list()]);
    return { definition, bundle, digest: createHash("sha256").update(bundle).digest("hex") };
  } catch (error) {
    if (isBadPipeline(error)) throw fail("BAD_PIPELINE", { ...error.details, cause: error });
    throw error;
  }
}
