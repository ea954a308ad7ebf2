import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./set-up.js";
import { checkStructure, type SourceFile } from "./structure-rules.ts";

const BINARY = /\.(png|jpg|gif|ico|woff2?|onnx|parquet|gz|zip|wasm)$/;

/** The files that git tracks or would track, as they stand in the working tree. */
export function readTree(): SourceFile[] {
  const names = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  return names
    .split("\0")
    .filter((path) => path !== "" && !BINARY.test(path) && existsSync(join(root, path)))
    .map((path) => ({ path, text: readFileSync(join(root, path), "utf8") }));
}

if (import.meta.main) {
  const tree = readTree();
  const problems = checkStructure(tree);
  for (const { rule, path, message } of problems) console.log(`${path}\n  ${rule}: ${message}`);
  console.log(`${tree.length} files, ${problems.length} problems`);
  process.exitCode = problems.length === 0 ? 0 : 1;
}
