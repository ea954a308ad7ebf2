import { openAsBlob } from "node:fs";
import { basename } from "node:path";
import { fail, type Import, type TruthImport } from "@causeway/contract";
import { type Client, createClient as createClientFor, type ImportFileOptions } from "./client.ts";
import { type DiscoveryOptions, discover } from "./discovery.ts";
import type { ImportTruthOptions } from "./truth.ts";

/** The client with what only Node can do: reading files, finding the server. */
export type NodeClient = Omit<Client, "data" | "deployments"> & {
  readonly data: Client["data"] & {
    /** Sends a file and imports it; resolves with the finished import, throws what the import refused. */
    importFile(dataset: string, path: string, options?: ImportFileOptions): Promise<Import>;
  };
  readonly deployments: Client["deployments"] & {
    /** Sends a file of truth and has it taken; resolves when it was taken, throws what was wrong with it. */
    importTruthFile(deployment: string, path: string, options: ImportTruthOptions): Promise<TruthImport>;
  };
};

/** Makes a client; what is not given comes from the CAUSEWAY_* variables, then from the nearest data folder. */
export function createClient(options: DiscoveryOptions = {}): NodeClient {
  const client = createClientFor(discover(options, process.env, process.cwd()));
  return {
    ...client,
    data: {
      ...client.data,
      async importFile(dataset, path, importOptions) {
        return client.data.importBlob(dataset, await fileOf(path), importOptions);
      },
    },
    deployments: {
      ...client.deployments,
      async importTruthFile(deployment, path, importOptions) {
        return client.deployments.importTruthBlob(deployment, await fileOf(path), importOptions);
      },
    },
  };
}

async function fileOf(path: string): Promise<{ name: string; blob: Blob }> {
  const blob = await openAsBlob(path).catch((cause) => {
    throw fail("BAD_DATA", {
      message: `${path} cannot be read`,
      field: "file",
      value: path,
      help: "give the path of a readable CSV, Parquet or JSON lines file",
      cause,
    });
  });
  return { name: basename(path), blob };
}
