import { openAsBlob } from "node:fs";
import { basename } from "node:path";
import { fail, type Import } from "@causeway/contract";
import { type Client, createClient as createClientFor, type ImportFileOptions } from "./client.ts";
import { type DiscoveryOptions, discover } from "./discovery.ts";

/** The client with what only Node can do: reading files, finding the server. */
export type NodeClient = Omit<Client, "data"> & {
  readonly data: Client["data"] & {
    /** Sends a file and imports it; resolves with the finished import, throws what the import refused. */
    importFile(dataset: string, path: string, options?: ImportFileOptions): Promise<Import>;
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
        const blob = await openAsBlob(path).catch((cause) => {
          throw fail("BAD_DATA", {
            message: `${path} cannot be read`,
            field: "file",
            value: path,
            help: "give the path of a readable CSV, Parquet or JSON lines file",
            cause,
          });
        });
        return client.data.importBlob(dataset, { name: basename(path), blob }, importOptions);
      },
    },
  };
}
