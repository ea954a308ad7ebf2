import { join } from "node:path";
import { fail, type ModelVersion } from "@causeway/contract";
import type { Artifacts } from "../../platform/artifacts/index.ts";
import type { FolderFile } from "./model-folder-writer.ts";

/** Where a version's model lies, for a program that asks it. */
export type VersionSide = {
  /** The file; empty where the model is a folder, which is laid before it is asked. */
  readonly path: string;
  /** Of a Python model: its interpreter, and the files of its folder. */
  readonly python?: string;
  readonly files?: readonly FolderFile[];
};

/** Makes the reader of versions' files; each is verified before anything loads it. */
export function createVersionSides(parts: {
  readonly artifacts: Pick<Artifacts, "path" | "verify">;
  readonly dataDir: string;
}) {
  const { artifacts, dataDir } = parts;

  return async function sideOf({
    model,
    version,
    format,
    files,
    preparation,
  }: Pick<ModelVersion, "model" | "version" | "format" | "files" | "preparation">): Promise<VersionSide> {
    for (const { digest } of files) await artifacts.verify(digest);
    if (format === "mlflow") {
      const { state, environment } = preparation;
      if (state !== "ready" || environment === null) throw notPrepared(model, version);
      const python = join(dataDir, "python", environment.digest, "bin", "python");
      const laid = files.map(({ path, digest }) => ({ path, from: artifacts.path(digest) }));
      return { path: "", python, files: laid };
    }
    const [file] = files;
    if (file === undefined) throw new Error(`version ${version} has no file`);
    return { path: artifacts.path(file.digest) };
  };
}

function notPrepared(model: string, version: number): Error {
  return fail("BAD_MODEL", {
    message: `Version ${version} of ${model} is not prepared, so it cannot be asked`,
    field: "version",
    value: version,
    help: `npx --no causeway registry prepare ${model} ${version} prepares it.`,
  });
}
