import { registry as endpoints } from "@causeway/contract";
import type { AliasApprovals, Gates, Registry } from "../../lifecycle/registry/index.ts";
import { type BoundRoute, bind } from "./bind.ts";

/** The routes of the registry. */
export function registryRoutes(registry: Registry & Gates & AliasApprovals): BoundRoute[] {
  return bind(endpoints, {
    register: registry.register,
    listModels: registry.listModels,
    getModel: registry.getModel,
    listVersions: registry.listVersions,
    getVersion: registry.getVersion,
    assignAlias: registry.assignAlias,
    removeAlias: registry.removeAlias,
    listAliasChanges: registry.listAliasChanges,
    getAliasRule: registry.getAliasRule,
    setAliasRule: registry.setAliasRule,
    startGate: registry.startGate,
    getGate: registry.getGate,
    listGates: registry.listGates,
    requestApproval: registry.requestApproval,
    listApprovals: registry.listApprovals,
    getApproval: registry.getApproval,
    decideApproval: registry.decideApproval,
    getCard: registry.getCard,
    getVersionLineage: registry.getVersionLineage,
    downloadFile: registry.downloadFile,
  });
}
