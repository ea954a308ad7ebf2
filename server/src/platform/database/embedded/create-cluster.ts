import { existsSync, readFileSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { fail } from "@causeway/contract";
import type { Binaries } from "./binaries.ts";
import { type ClusterPlace, syncFolder } from "./cluster-place.ts";
import { runProgram } from "./run-program.ts";
import { explainServerFailure } from "./server-failure.ts";
import { ROLE } from "./server-settings.ts";

/** Where PostgreSQL's own files lie in a cluster's home. */
export function dataOf({ home }: Pick<ClusterPlace, "home">): string {
  return join(home, "data");
}

/** Creates the cluster's files unless they are there, and refuses files of another PostgreSQL release. */
export async function ensureCluster(place: ClusterPlace, binaries: Binaries): Promise<void> {
  if (existsSync(dataOf(place))) {
    refuseOtherRelease(place, binaries);
    return;
  }
  if (place.marker.complete) {
    throw fail("DATABASE_FOREIGN", {
      message: `${place.home} held a database before, and its files are gone`,
      value: place.home,
      help: `Bring ${dataOf(place)} back, or remove ${place.pointer} to begin with an empty database.`,
    });
  }
  await createFiles(place, binaries);
}

/** The files appear under their name whole: a killed creation leaves a draft that the next one throws away. */
async function createFiles(place: ClusterPlace, binaries: Binaries): Promise<void> {
  const draft = join(place.home, "data.draft");
  await rm(draft, { recursive: true, force: true });
  const { exitCode, output } = await runProgram({
    path: join(binaries.folder, "bin/initdb"),
    args: [
      `--pgdata=${draft}`,
      `--username=${ROLE}`,
      "--encoding=UTF8",
      "--locale-provider=builtin",
      "--locale=C.UTF-8",
      // Whoever may enter the private socket folder may connect; there is no other way in.
      "--auth=trust",
      "--no-instructions",
    ],
    account: place.account,
  });
  if (exitCode !== 0) {
    await rm(draft, { recursive: true, force: true });
    throw explainServerFailure("creating it", place.home, output);
  }
  await rename(draft, dataOf(place));
  await syncFolder(place.home);
}

function refuseOtherRelease(place: ClusterPlace, { major }: Binaries): void {
  const path = join(dataOf(place), "PG_VERSION");
  const found = existsSync(path) ? readFileSync(path, "utf8").trim() : "";
  if (found === String(major)) return;
  if (Number(found) > major) {
    throw fail("DATABASE_NEWER", {
      message: `The database in ${place.home} is of PostgreSQL ${found}; this program brings ${major}`,
      value: found,
      help: "A newer Causeway has made it. Start that version or a later one, or give another data folder by --data-dir.",
    });
  }
  throw fail("DATABASE_FOREIGN", {
    message:
      found === ""
        ? `${dataOf(place)} is not a PostgreSQL data directory`
        : `The database in ${place.home} is of PostgreSQL ${found}, which ${major} cannot read`,
    value: place.home,
    help: "Start the Causeway that made it, or give another data folder by --data-dir.",
  });
}
