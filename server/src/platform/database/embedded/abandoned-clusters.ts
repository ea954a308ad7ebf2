import { existsSync, readdirSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { readMarker } from "./cluster-place.ts";

/**
 * Clusters in the shared folder whose data folder no longer points to them, say because it was deleted. They are named to
 * the user and never removed: a data folder may only be unmounted.
 */
export function abandonedClusters(shared: string): string[] {
  if (!existsSync(shared)) return [];
  return readdirSync(shared)
    .map((name) => join(shared, name))
    .filter((home) => {
      const dataDir = readMarker(home)?.dataDir;
      return dataDir !== undefined && !pointsTo(join(dataDir, "postgres"), home);
    });
}

function pointsTo(pointer: string, home: string): boolean {
  return existsSync(pointer) && realpathSync(pointer) === realpathSync(home);
}
