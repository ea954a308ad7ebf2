import {
  DEPLOYMENT_STATES,
  PIPELINE_RUN_STATES,
  RUN_STATES,
  STEP_STATES,
  WORK_STATES,
} from "@causeway/contract";
import { describe, expect, it } from "vitest";
import { STATUSES } from "./status-mark.tsx";
import { deploymentStatus, pipelineRunStatus, runStatus, stepStatus, workStatus } from "./work-status.ts";

describe("states", () => {
  it("each has one of the eight shapes", () => {
    const shapes = [
      ...DEPLOYMENT_STATES.map(deploymentStatus),
      ...PIPELINE_RUN_STATES.map(pipelineRunStatus),
      ...RUN_STATES.map(runStatus),
      ...STEP_STATES.map(stepStatus),
      ...WORK_STATES.map(workStatus),
    ];
    for (const shape of shapes) expect(STATUSES).toContain(shape);
  });

  it("show failure as critical in every stage, and what a person stopped as no failure", () => {
    expect([
      deploymentStatus("failed"),
      pipelineRunStatus("failed"),
      runStatus("failed"),
      stepStatus("failed"),
    ]).toEqual(["crit", "crit", "crit", "crit"]);
    expect([runStatus("killed"), pipelineRunStatus("cancelled"), stepStatus("cancelled")]).toEqual([
      "blocked",
      "blocked",
      "blocked",
    ]);
  });
});
