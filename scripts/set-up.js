/**
 * What stands before the first command of a fresh clone: installed packages, the built web pages and the bundled programs.
 * Plain JavaScript without packages, because it runs before any is installed, on the Node that the machine has.
 */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { constants } from "node:os";
import { basename, delimiter, dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { builtPrograms } from "../cli/bin/built-programs.js";

const OLDEST_NODE = 20;
const FORWARDED = /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"]);

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** The Node that runs Causeway: locked with the packages, whatever the machine itself has. */
export const lockedNode = join(root, "node_modules", ".bin", "node");

/** @typedef {{ version?: string, integrity?: string, link?: boolean, optional?: boolean, devOptional?: boolean }} LockedPackage */
/** @typedef {{ packages: Record<string, LockedPackage> }} Lock */

/**
 * Tells whether what npm says it installed covers the lock. Optional packages may be missing: they are for other machines.
 * @param {Lock} lock
 * @param {Lock} installed
 */
export function coversLock(lock, installed) {
  return Object.entries(lock.packages).every(([path, wanted]) => {
    if (!path.includes("node_modules/")) return true;
    const found = installed.packages[path];
    if (!found) return Boolean(wanted.optional || wanted.devOptional);
    return found.version === wanted.version && found.integrity === wanted.integrity;
  });
}

/**
 * One digest over the paths and bytes of the sources that a build is made from; tests are no sources.
 * @param {string} folder
 * @param {string[]} sources files and folders, relative to `folder`
 */
export function sourceDigest(folder, sources) {
  const hash = createHash("sha256");
  for (const source of sources)
    for (const file of filesOf(join(folder, source))) {
      const bytes = readFileSync(file);
      hash.update(`${relative(folder, file)}\n${bytes.length}\n`).update(bytes);
    }
  return hash.digest("hex");
}

/**
 * @param {string} path
 * @returns {string[]}
 */
function filesOf(path) {
  if (!existsSync(path)) return [];
  const entries = readDirectory(path);
  if (!entries) return [path];
  return entries
    .filter((entry) => !/\.test\.[a-z]+$/.test(entry) && entry !== "node_modules" && entry !== "testing")
    .sort()
    .flatMap((entry) => filesOf(join(path, entry)));
}

/** @param {string} path */
function readDirectory(path) {
  try {
    return readdirSync(path);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOTDIR") return undefined;
    throw error;
  }
}

/**
 * Runs a program to its end and gives its exit code. Signals are passed on and never end it early: it decides when it is done.
 * @param {string} command
 * @param {string[]} args
 * @param {import("node:child_process").SpawnOptions} options
 * @returns {Promise<number>}
 */
export function run(command, args, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, env: withLockedNode(process.env), ...options });
    const forward = (/** @type {NodeJS.Signals} */ signal) => void child.kill(signal);
    for (const signal of FORWARDED) process.on(signal, forward);
    const end = () => {
      for (const signal of FORWARDED) process.off(signal, forward);
    };
    child.on("error", (error) => {
      end();
      reject(error);
    });
    child.on("close", (code, signal) => {
      end();
      resolve(code ?? 128 + (signal ? constants.signals[signal] : 0));
    });
  });
}

/**
 * Makes everything stand that a command of the product needs. Says all on standard error, so that standard output belongs to
 * the command that follows. Gives an exit code, 0 when all stands.
 */
export async function setUp() {
  return (await setUpPackages()) || (await buildPages()) || buildPrograms();
}

/** Installs the locked packages where they are missing or others. Gives an exit code. */
export async function setUpPackages() {
  const major = Number(process.versions.node.split(".")[0]);
  if (major < OLDEST_NODE) {
    return refuse(
      `Causeway needs Node ${OLDEST_NODE} or newer, this is ${process.versions.node}. Get it from https://nodejs.org`,
    );
  }
  if (isInstalled()) return 0;
  const code = await installPackages();
  return code === 0
    ? 0
    : refuse("npm could not install the packages (see above). Mend that, then run the same command again.");
}

function isInstalled() {
  const installed = readJson(join(root, "node_modules", ".package-lock.json"));
  const lock = readJson(join(root, "package-lock.json"));
  if (!lock)
    throw new Error(`${join(root, "package-lock.json")} is missing: this is no whole clone of Causeway`);
  return installed !== undefined && existsSync(lockedNode) && coversLock(lock, installed);
}

/**
 * @param {string} path
 * @returns {Lock | undefined}
 */
function readJson(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : undefined;
}

function installPackages() {
  console.error("Installing packages (once, a minute or two) ...");
  const { npm_execpath: npm, npm_node_execpath: node } = process.env;
  const flags = [
    "ci",
    "--loglevel=error",
    "--include=dev",
    "--include=optional",
    "--ignore-scripts=false",
    "--json=false",
  ];
  /** @type {import("node:child_process").SpawnOptions} */
  const options = { env: variablesForNpm(process.env), stdio: ["ignore", 2, 2] };
  if (npm && node && basename(npm) === "npm-cli.js") return run(node, [npm, ...flags], options);
  return run("npm", flags, options);
}

/**
 * Whatever starts `node` by name gets the locked one.
 * @param {NodeJS.ProcessEnv} variables
 */
function withLockedNode(variables) {
  return { ...variables, PATH: dirname(lockedNode) + delimiter + (variables.PATH ?? "") };
}

/**
 * npm replaces `node_modules`, so neither it nor what it starts may take a program from there.
 * @param {NodeJS.ProcessEnv} variables
 */
export function variablesForNpm(variables) {
  const inside = join(root, "node_modules") + sep;
  const path = (variables.PATH ?? "")
    .split(delimiter)
    .filter((entry) => !`${entry}${sep}`.startsWith(inside));
  const { npm_config_json: _, ...rest } = variables;
  return { ...rest, PATH: path.join(delimiter) };
}

/** Builds the web pages where they are missing or older than their sources. Gives an exit code. */
export async function buildPages() {
  const web = join(root, "web");
  const sources = [
    "web/index.html",
    "web/public",
    "web/src",
    "web/vite.config.ts",
    "contract/src",
    "sdk/src",
    "statistics/src",
  ];
  if (!existsSync(join(web, "index.html"))) return 0;
  const stamp = join(root, "node_modules", ".cache", "causeway", "pages");
  const digest = sourceDigest(root, [...sources, "package-lock.json"]);
  const isBuilt = existsSync(join(web, "dist", "index.html")) && existsSync(stamp);
  if (isBuilt && readFileSync(stamp, "utf8") === digest) return 0;

  console.error("Building the pages (once per change of their sources) ...");
  const vite = join(
    dirname(createRequire(join(web, "package.json")).resolve("vite/package.json")),
    "bin",
    "vite.js",
  );
  const code = await run(lockedNode, [vite, "build", "--logLevel", "warn"], {
    cwd: web,
    stdio: ["ignore", 2, 2],
  });
  if (code !== 0) return refuse("The pages could not be built (see above).");
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, digest);
  return 0;
}

/**
 * Bundles the programs where they are missing or older than their sources. Gives an exit code, 0 also when it fails: what is
 * not bundled runs from its sources.
 */
export async function buildPrograms() {
  if (builtPrograms(root) !== undefined) return 0;
  console.error("Bundling the programs (once per change of their sources) ...");
  const code = await run(lockedNode, [join(root, "scripts", "build-programs.ts")], {
    stdio: ["ignore", 2, 2],
  });
  if (code !== 0)
    console.error(
      "The programs could not be bundled (see above). They run from their sources, and start slower.",
    );
  return 0;
}

/** @param {string} message */
function refuse(message) {
  console.error(message);
  return 1;
}
