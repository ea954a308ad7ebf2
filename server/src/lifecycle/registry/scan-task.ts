import { defineTask, type TaskDefinition } from "../../platform/processes/index.ts";

/** Name of the task that looks into the files of a model. */
export const SCAN_TASK = "registry.scan-model";

/** Folder of the files. */
export type ScanOrder = { readonly folder: string };

/** Looks into a model's files in a process of its own: large files take memory and time. */
export const scanTask: TaskDefinition = defineTask<ScanOrder>({
  name: SCAN_TASK,
  run: async ({ folder }) => {
    const { scanModelFolder } = await import("./scan/model-scan-reader.ts");
    return scanModelFolder(folder);
  },
});
