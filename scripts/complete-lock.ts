import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./set-up.js";

interface LockedPackage {
  version?: string;
  cpu?: string[];
  dev?: boolean;
  libc?: string[];
  optional?: boolean;
  os?: string[];
  optionalDependencies?: Record<string, string>;
}

export interface Lock {
  packages: Record<string, LockedPackage>;
}

/** A binary for another machine that a locked package names and the lock lacks. */
interface Gap {
  path: string;
  entry: LockedPackage;
}

const OS = ["android", "darwin", "freebsd", "linux", "openharmony", "win32"];
const CPU = ["arm64", "arm", "ppc64", "riscv64", "s390x", "x64", "ia32", "wasm32"];

/**
 * npm leaves a binary out of the lock when the registry at hand does not carry it, and `npm ci` of npm 11 then refuses the
 * lock everywhere. The version is known from the package that wants it, the machine from the name, so the gap can be closed
 * without the registry; such an entry has no digest.
 */
export function gapsOf(lock: Lock): Gap[] {
  return Object.entries(lock.packages).flatMap(([parent, wanting]) =>
    Object.entries(wanting.optionalDependencies ?? {})
      .filter(([name]) => !isLocked({ lock, parent, name }))
      .map(([name, version]) => ({
        path: `node_modules/${name}`,
        entry: {
          version,
          ...machineOf(name),
          ...(wanting.dev === true ? { dev: true } : {}),
          optional: true,
        },
      })),
  );
}

function isLocked({ lock, parent, name }: { lock: Lock; parent: string; name: string }): boolean {
  return [`${parent}/node_modules/${name}`, `node_modules/${name}`].some((path) => path in lock.packages);
}

function machineOf(name: string): Pick<LockedPackage, "cpu" | "libc" | "os"> {
  const words = (name.split("/").at(-1) ?? name).split("-");
  const os = OS.find((candidate) => words.includes(candidate));
  const cpu = CPU.find((candidate) => words.includes(candidate));
  if (os === undefined || cpu === undefined) {
    throw new Error(
      `The lock lacks ${name}, whose name tells no machine. Run npm install where the registry has it.`,
    );
  }
  const libc = words.includes("gnu") ? ["glibc"] : words.includes("musl") ? ["musl"] : undefined;
  return { cpu: [cpu], ...(libc && os === "linux" ? { libc } : {}), os: [os] };
}

if (import.meta.main) {
  const file = join(root, "package-lock.json");
  const lock: Lock = JSON.parse(readFileSync(file, "utf8"));
  const gaps = gapsOf(lock);
  const added = Object.fromEntries(gaps.map(({ path, entry }) => [path, entry]));
  const packages = Object.entries({ ...lock.packages, ...added }).sort(([a], [b]) =>
    a.localeCompare(b, "en"),
  );
  if (gaps.length > 0)
    writeFileSync(file, `${JSON.stringify({ ...lock, packages: Object.fromEntries(packages) }, null, 2)}\n`);
  console.log(`${gaps.length} binaries for other machines added to package-lock.json`);
}
