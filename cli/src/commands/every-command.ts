import type { Command } from "commander";
import { addDataCommands } from "./data.ts";
import { addDeploymentsCommands } from "./deployments.ts";
import { addExperimentsCommands } from "./experiments.ts";
import { addMonitoringCommands } from "./monitoring.ts";
import { addPipelinesCommands } from "./pipelines.ts";
import { addPlatformCommands } from "./platform.ts";
import { addRegistryCommands } from "./registry.ts";
import { addRetrainingCommands } from "./retraining.ts";

/** Adds every command but `up`, in the order of the lifecycle. */
export function addEveryCommand(program: Command): void {
  addDataCommands(program);
  addExperimentsCommands(program);
  addPipelinesCommands(program);
  addRegistryCommands(program);
  addDeploymentsCommands(program);
  addMonitoringCommands(program);
  addRetrainingCommands(program);
  addPlatformCommands(program);
}
