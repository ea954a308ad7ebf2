import { deployments as endpoints } from "@causeway/contract";
import type { Deployments } from "../../lifecycle/deployments/index.ts";
import { type BoundRoute, bind } from "./bind.ts";

/** The routes of deployments. */
export function deploymentsRoutes(deployments: Deployments): BoundRoute[] {
  return bind(endpoints, {
    createDeployment: deployments.createDeployment,
    updateDeployment: deployments.updateDeployment,
    deleteDeployment: deployments.deleteDeployment,
    listDeployments: deployments.listDeployments,
    getDeployment: deployments.getDeployment,
    followDeployment: deployments.followDeployment,
    listRevisions: deployments.listRevisions,
    createKey: deployments.createKey,
    listKeys: deployments.listKeys,
    revokeKey: deployments.revokeKey,
    listPredictions: deployments.listPredictions,
    getPrediction: deployments.getPrediction,
    getLog: deployments.getLog,
    recordTruth: deployments.recordTruth,
    importTruth: deployments.importTruth,
    getTruthImport: deployments.getTruthImport,
    followTruthImport: deployments.followTruthImport,
    listTruths: deployments.listTruths,
    getTraffic: deployments.getTraffic,
    desiredState: deployments.desiredState,
    downloadModelFile: deployments.downloadModelFile,
    reportGateway: deployments.reportGateway,
  });
}
