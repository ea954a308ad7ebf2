import type { Json } from "@causeway/contract";
import { defineTask, type TaskDefinition } from "../../../platform/processes/index.ts";
import { EVALUATE_TASK } from "../evaluation-work.ts";
import { GATE_TASK } from "../gate-work.ts";
import { scanTask } from "../scan-task.ts";
import type { EvaluationOrder } from "./evaluate-version.ts";
import type { GateOrder } from "./judge-gate.ts";

/** The stage's tasks. What they run is loaded when they run. */
export const registryTasks: TaskDefinition[] = [
  defineTask<GateOrder>({
    name: GATE_TASK,
    run: async (order, context) => {
      const { judgeGate } = await import("./judge-gate.ts");
      return (await judgeGate(order, context)) as unknown as Json; // made of JSON's own values
    },
  }),
  defineTask<EvaluationOrder>({
    name: EVALUATE_TASK,
    run: async (order, context) => {
      const { evaluateVersion } = await import("./evaluate-version.ts");
      return (await evaluateVersion(order, context)) as unknown as Json; // made of JSON's own values
    },
  }),
  scanTask,
];
