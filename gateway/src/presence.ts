import { readFileSync } from "node:fs";
import { mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { fail } from "@causeway/contract";

/** `gateway/<name>.json`: how the next `up` finds a gateway that outlived its parent. */
export type Presence = {
  readonly pid: number;
  readonly host: string;
  readonly port: number;
  readonly version: string;
  readonly controlUrl: string;
  readonly startedAt: string;
};

/** Refuses to start where a live gateway of the same name holds the spool. */
export async function refuseSecond(dataDir: string, name: string): Promise<void> {
  const path = pathOf(dataDir, name);
  const content = await readFile(path, "utf8").catch(() => null);
  const pid = content === null ? null : pidOf(content);
  if (pid === null || pid === process.pid || !isGateway(pid, dataDir)) return;
  throw fail("DATA_DIR_HELD", {
    message: `the gateway ${name} of ${dataDir} is running already, as process ${pid}`,
    field: "name",
    value: name,
    help: `stop it (kill ${pid}), or give this one another --name`,
  });
}

/** Tells where this gateway listens, and gives the function that takes it back. */
export async function announce(
  dataDir: string,
  name: string,
  presence: Presence,
): Promise<() => Promise<void>> {
  const path = pathOf(dataDir, name);
  await mkdir(join(dataDir, "gateway"), { recursive: true, mode: 0o700 });
  const arriving = `${path}.arriving`;
  const file = await open(arriving, "w", 0o600);
  try {
    await file.writeFile(`${JSON.stringify(presence)}\n`);
  } finally {
    await file.close();
  }
  await rename(arriving, path);
  return () => rm(path, { force: true });
}

function pathOf(dataDir: string, name: string): string {
  return join(dataDir, "gateway", `${name}.json`);
}

function pidOf(content: string): number | null {
  try {
    const { pid } = JSON.parse(content);
    return Number.isInteger(pid) ? pid : null;
  } catch {
    return null;
  }
}

/** A pid is reused by the system: only a process that names the folder in its command line is the gateway. */
function isGateway(pid: number, dataDir: string): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").includes(dataDir);
  } catch {
    // No /proc here: a live process is believed to be the one that wrote its pid.
    return true;
  }
}
