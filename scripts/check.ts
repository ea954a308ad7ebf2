import { execFileSync, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { parseArgs } from "node:util";
import { type Part, runParts } from "./run-parts.ts";
import { root } from "./set-up.js";
import { NODE_SUITES, projectFlags } from "./suites.js";

const WIDTH = 2;
const TYPED = [".", "contract", "statistics", "sdk", "server", "gateway", "cli", "web", "e2e", "bench"];

const { values } = parseArgs({
  allowNegative: true,
  options: { changed: { type: "boolean", default: false }, tests: { type: "boolean", default: true } },
});
const node = process.execPath;
const tool = (...path: string[]) => join(root, "node_modules", ...path);

/** What differs from the branch `main`, and what is not committed yet. */
function changedFiles(): string[] {
  const git = (...args: string[]) => execFileSync("git", args, { cwd: root, encoding: "utf8" }).trim();
  const base = git("merge-base", "HEAD", "main");
  const listed = [git("diff", "--name-only", base), git("ls-files", "--others", "--exclude-standard")];
  return listed
    .flatMap((text) => text.split("\n"))
    .filter((path) => path !== "" && existsSync(join(root, path)));
}

function lint(files: readonly string[]): readonly string[][] {
  if (values.changed && files.length === 0) return [];
  const paths = values.changed ? [...files] : ["."];
  return [
    [
      tool("@biomejs", "biome", "bin", "biome"),
      "check",
      "--no-errors-on-unmatched",
      "--max-diagnostics=200",
      ...paths,
    ],
  ];
}

function tests(files: readonly string[]): readonly string[][] {
  if (!values.tests) return [];
  const vitest = [tool("vitest", "vitest.mjs")];
  const projects = projectFlags(NODE_SUITES);
  if (!values.changed) return [[...vitest, "run", ...projects]];
  const code = files.filter((path) => /\.(ts|tsx|js|mjs)$/.test(path));
  return code.length === 0
    ? []
    : [[...vitest, "related", "--run", "--passWithNoTests", ...projects, ...code]];
}

function parts(): Part[] {
  const files = values.changed ? changedFiles() : [];
  const script = (name: string, ...args: string[]) => [[join(root, "scripts", name), ...args]];
  const all: Part[] = [
    {
      name: "types",
      commands: TYPED.map((folder) => [tool("typescript-native", "bin", "tsc"), "-p", folder]),
    },
    { name: "lint and format", commands: lint(files) },
    { name: "layers", commands: script("layers.ts") },
    { name: "structure", commands: script("structure.ts") },
    { name: "dead code", commands: [[tool("knip", "bin", "knip.js"), "--no-progress"]] },
    { name: "generated files", commands: script("generate.ts", "--check") },
    { name: "pages and programs", commands: script("build.js") },
    { name: "tests", commands: tests(files), alone: true },
  ];
  return all.filter(({ commands }) => commands.length > 0);
}

function run([program = "", ...args]: readonly string[]): Promise<{ code: number; output: string }> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, ...(process.stdout.isTTY ? { FORCE_COLOR: "1" } : { NO_COLOR: "1" }) };
    const child = spawn(node, [program, ...args], { cwd: root, env, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8");
      stream.on("data", (text: string) => {
        output += text;
      });
    }
    child.on("error", reject);
    child.on("close", (code) => resolve({ code: code ?? 1, output }));
  });
}

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;

const start = performance.now();
const results = await runParts(parts(), WIDTH, {
  run,
  now: () => performance.now(),
  onDone: ({ name, failed, ms }) => console.log(`${failed ? "✗" : "✓"} ${name.padEnd(16)} ${seconds(ms)}`),
});
const failures = results.filter(({ failed }) => failed);
for (const { name, output } of failures)
  console.log(`\n── ${name} ${"─".repeat(90 - name.length)}\n${output}`);
const told = failures.length === 0 ? "all passed" : `failed: ${failures.map(({ name }) => name).join(", ")}`;
console.log(`\n${results.length} parts in ${seconds(performance.now() - start)}, ${told}`);
process.exitCode = failures.length === 0 ? 0 : 1;
