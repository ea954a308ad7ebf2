import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { basename, isAbsolute, join, normalize, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { fail } from "@causeway/contract";
import type { FilePlace } from "../pipeline/step-spec.ts";
import type { BundleFile } from "./tar.ts";

/** Collects the files that steps name, each once, under its path in the bundle. */
export type FileCollector = ReturnType<typeof collectFiles>;

/** Makes a collector for a pipeline file's folder. */
export function collectFiles(folder: string) {
  const files = new Map<string, BundleFile>();

  /** Adds a file that a step names as its `role`; answers its path in the bundle and the digest of its bytes. */
  async function add(place: FilePlace, role: string): Promise<{ path: string; digest: string }> {
    const source = place instanceof URL ? fileURLToPath(place) : join(folder, place);
    const path = place instanceof URL ? `shipped/${basename(source)}` : pathInBundle(place, role);
    const bytes =
      files.get(path)?.bytes ??
      (await readFile(source).catch((cause) => {
        throw fail("BAD_PIPELINE", {
          message: `${role} is ${source}, which cannot be read`,
          field: role,
          value: String(place),
          help: "Paths are relative to the pipeline's file.",
          cause,
        });
      }));
    files.set(path, { path, bytes });
    return { path, digest: createHash("sha256").update(bytes).digest("hex") };
  }

  return { add, list: () => [...files.values()] };
}

function pathInBundle(place: string, role: string): string {
  const path = normalize(place).split(sep).join("/");
  const escapes = isAbsolute(place) || relative(".", path).startsWith("..");
  if (escapes || path === "pipeline.mjs") {
    throw fail("BAD_PIPELINE", {
      message: `${role} is ${place}, which ${escapes ? "lies outside of the pipeline's folder" : "is taken by the bundle itself"}`,
      field: role,
      value: place,
      help: "Put the file beside the pipeline's file, or below it, under another name.",
    });
  }
  return path;
}
