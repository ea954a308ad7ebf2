import type { DesiredDeployment, GatewayReport } from "@causeway/contract";

/** What a gateway tells of one deployment. */
export type Report = Omit<GatewayReport, "gateway" | "reportedAt"> & {
  project: string;
  environment: DesiredDeployment["environment"];
  deployment: string;
};

/** A report on a revision; what is not told is null. */
export function reportOf(desired: DesiredDeployment, told: Partial<Report> & Pick<Report, "state">): Report {
  return {
    project: desired.project,
    environment: desired.environment,
    deployment: desired.name,
    revision: desired.revision,
    golden: null,
    loadMs: null,
    problem: null,
    ...told,
  };
}
