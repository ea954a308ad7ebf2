import { dirname } from "node:path";
import { fail } from "@causeway/contract";
import { rolldown } from "rolldown";

/** Joins a pipeline file and what it imports into one ES module; `causeway-ml` and Node's own modules stay outside. */
export async function bundleModule(file: string): Promise<string> {
  try {
    const build = await rolldown({
      input: file,
      // Names of modules stand in the output: they must not tell where the folder lies.
      cwd: dirname(file),
      platform: "node",
      external: [/^causeway-ml(\/|$)/, /^node:/],
      logLevel: "silent",
    });
    const { output } = await build.generate({ format: "esm", codeSplitting: false, comments: false });
    await build.close();
    const [chunk] = output;
    return chunk.code;
  } catch (cause) {
    throw fail("BAD_PIPELINE", {
      message: `${file} cannot be bundled: ${cause instanceof Error ? cause.message : String(cause)}`,
      value: file,
      help: "Mend the file; what it imports must be installed beside it.",
      cause,
    });
  }
}
