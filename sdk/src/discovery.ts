import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Environment, fail } from "@causeway/contract";
import { z } from "zod";
import type { Connection } from "./connection.ts";

/** What `causeway up` writes into the data folder for those who look for it. */
export const UpFile = z.object({
  url: z.string(),
  gatewayUrl: z.string(),
  dataDir: z.string(),
  pid: z.int(),
  processes: z.record(z.string(), z.int()),
});
export type UpFile = z.infer<typeof UpFile>;

/** Name of the data folder and of the files in it that a client reads. */
export const DATA_DIR = ".causeway";
export const UP_FILE = "up.json";
export const ADMIN_TOKEN_FILE = "admin-token";

/** The variables that a client reads; see the conventions of the architecture. */
export type ClientVariables = {
  CAUSEWAY_URL?: string | undefined;
  CAUSEWAY_TOKEN?: string | undefined;
  CAUSEWAY_PROJECT?: string | undefined;
  CAUSEWAY_ENVIRONMENT?: string | undefined;
  CAUSEWAY_DATA_DIR?: string | undefined;
  CAUSEWAY_KEY?: string | undefined;
};

/** What a caller gives by hand, before variables and files are asked. */
export type DiscoveryOptions = {
  [Name in keyof Connection]?: Connection[Name] | undefined;
} & { dataDir?: string | undefined };

/** Finds the server: what is given, then variables, then the nearest `.causeway/up.json` from `folder` upwards. */
export function discover(given: DiscoveryOptions, variables: ClientVariables, folder: string): Connection {
  const dataDir = given.dataDir ?? variables.CAUSEWAY_DATA_DIR;
  const url = given.url ?? variables.CAUSEWAY_URL;
  const up = dataDir === undefined ? (url === undefined ? findUp(folder) : undefined) : readUp(dataDir);
  const found = url ?? up?.url;
  if (found === undefined) {
    throw fail("UNAVAILABLE", {
      message:
        dataDir === undefined
          ? `no running Causeway was found from ${folder} upwards`
          : `no Causeway runs on ${dataDir}`,
      help: "start it with: npx --no causeway up, or set CAUSEWAY_URL and CAUSEWAY_TOKEN",
    });
  }
  return {
    url: found,
    token: given.token ?? variables.CAUSEWAY_TOKEN ?? (up === undefined ? undefined : adminToken(up.dataDir)),
    project: given.project ?? variables.CAUSEWAY_PROJECT,
    environment: given.environment ?? environment(variables.CAUSEWAY_ENVIRONMENT),
    key: given.key ?? variables.CAUSEWAY_KEY,
    fetch: given.fetch,
  };
}

/** The `up.json` of a data folder, or undefined where none can be read. */
export function readUp(dataDir: string): UpFile | undefined {
  try {
    return UpFile.parse(JSON.parse(readFileSync(join(dataDir, UP_FILE), "utf8")));
  } catch {
    return undefined;
  }
}

/** The `up.json` of the nearest data folder, from `folder` upwards. */
export function findUp(folder: string): UpFile | undefined {
  const found = readUp(join(folder, DATA_DIR));
  const parent = dirname(folder);
  return found ?? (parent === folder ? undefined : findUp(parent));
}

function adminToken(dataDir: string): string | undefined {
  try {
    return readFileSync(join(dataDir, ADMIN_TOKEN_FILE), "utf8").trim();
  } catch {
    return undefined;
  }
}

function environment(text: string | undefined): Environment | undefined {
  if (text === undefined) return undefined;
  const parsed = Environment.safeParse(text);
  if (parsed.success) return parsed.data;
  throw fail("INVALID_FIELD", {
    message: `CAUSEWAY_ENVIRONMENT is ${text}; it must be dev, staging or prod`,
    field: "CAUSEWAY_ENVIRONMENT",
    value: text,
    help: "unset CAUSEWAY_ENVIRONMENT or set it to dev, staging or prod",
  });
}
