import { registryImport } from "@causeway/contract";
import type { RegistryImports } from "../../lifecycle/registry/index.ts";
import { type BoundRoute, bind } from "./bind.ts";

/** Routes of `contract/src/registry-import.ts`. */
export function registryImportRoutes(service: RegistryImports): BoundRoute[] {
  return bind(registryImport, { importModel: service.importModel, importVersion: service.importVersion });
}
