import type { Json } from "@causeway/contract";
import { defineTask, type TaskDefinition } from "../../../platform/processes/index.ts";
import type { ImportOrder } from "./import-file.ts";
import type { PrepareOrder } from "./prepare-rows.ts";
import type { SplitOrder } from "./split-version.ts";

/** Names of the stage's tasks. */
export const DATA_TASKS = { import: "data.import", split: "data.split", prepare: "data.prepare" } as const;

/**
 * The stage's tasks. What they run is loaded when they run: the programs that only name them start without the library
 * behind it.
 */
export const dataTasks: TaskDefinition[] = [
  defineTask<ImportOrder>({
    name: DATA_TASKS.import,
    run: async (order, context) => {
      const { importFile } = await import("./import-file.ts");
      return toJson(await importFile(order, context));
    },
  }),
  defineTask<SplitOrder>({
    name: DATA_TASKS.split,
    run: async (order, context) => {
      const { splitVersion } = await import("./split-version.ts");
      return toJson(await splitVersion(order, context));
    },
  }),
  defineTask<PrepareOrder>({
    name: DATA_TASKS.prepare,
    run: async (order, context) => {
      const { prepareRows } = await import("./prepare-rows.ts");
      return toJson(await prepareRows(order, context));
    },
  }),
];

/** The results are made of JSON's own values, which their types, having optional members, do not show. */
function toJson(result: object): Json {
  return result as unknown as Json;
}
