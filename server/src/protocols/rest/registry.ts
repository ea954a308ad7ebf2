import {
  registry as endpoints,
  registryChanges,
  registryEvaluation,
  registryWebhooks,
} from "@causeway/contract";
import type {
  AliasApprovals,
  Evaluations,
  Gates,
  PreparationService,
  Registry,
  RegistryChanges,
  VersionSources,
  Webhooks,
} from "../../lifecycle/registry/index.ts";
import { type BoundRoute, bind } from "./bind.ts";

/** The routes of the registry. */
export function registryRoutes(
  registry: Omit<Registry, "register"> &
    VersionSources &
    Gates &
    Evaluations &
    AliasApprovals &
    RegistryChanges &
    Webhooks &
    Pick<PreparationService, "prepareVersion">,
): BoundRoute[] {
  const routes = bind(endpoints, {
    register: registry.register,
    listModels: registry.listModels,
    getModel: registry.getModel,
    listVersions: registry.listVersions,
    getVersion: registry.getLiveVersion,
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
    prepareVersion: registry.prepareVersion,
    getCard: registry.getCard,
    getVersionLineage: registry.getVersionLineage,
    downloadFile: registry.downloadFile,
  });
  const changes = bind(registryChanges, {
    createModel: registry.createModel,
    updateModel: registry.updateModel,
    renameModel: registry.renameModel,
    deleteModel: registry.deleteModel,
    updateVersion: registry.updateVersion,
    setStage: registry.setStage,
    deleteVersion: registry.deleteVersion,
  });
  const evaluations = bind(registryEvaluation, {
    evaluateVersion: registry.evaluateVersion,
    getEvaluation: registry.getEvaluation,
    listEvaluations: registry.listEvaluations,
  });
  const webhooks = bind(registryWebhooks, {
    createWebhook: registry.createWebhook,
    listWebhooks: registry.listWebhooks,
    getWebhook: registry.getWebhook,
    updateWebhook: registry.updateWebhook,
    deleteWebhook: registry.deleteWebhook,
    testWebhook: registry.testWebhook,
    listWebhookDeliveries: registry.listWebhookDeliveries,
  });
  return [...routes, ...changes, ...evaluations, ...webhooks];
}
