import { experimentsImport } from "@causeway/contract";
import type { Imports } from "../../lifecycle/experiments/index.ts";
import { type BoundRoute, bind } from "./bind.ts";

/** Routes of `contract/src/experiments-import.ts`. */
export function experimentsImportRoutes(service: Imports): BoundRoute[] {
  return bind(experimentsImport, {
    importRun: service.importRun,
    importPoints: service.importPoints,
    completeImport: service.completeImport,
    findImported: service.findImported,
    importLoggedModel: service.importLoggedModel,
    uploadModelFile: service.uploadModelFile,
    listModelFiles: service.listModelFiles,
  });
}
