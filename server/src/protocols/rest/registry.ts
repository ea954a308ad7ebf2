import { registry as endpoints } from "@causeway/contract";
import type { Registry } from "../../lifecycle/registry/index.ts";
import { type BoundRoute, bind } from "./bind.ts";

/** The routes of the registry. */
export function registryRoutes(registry: Registry): BoundRoute[] {
  return bind(endpoints, {
    register: registry.register,
    listModels: registry.listModels,
    getModel: registry.getModel,
    listVersions: registry.listVersions,
    getVersion: registry.getVersion,
    assignAlias: registry.assignAlias,
    removeAlias: registry.removeAlias,
    listAliasChanges: registry.listAliasChanges,
    getCard: registry.getCard,
    getVersionLineage: registry.getVersionLineage,
    downloadFile: registry.downloadFile,
  });
}
