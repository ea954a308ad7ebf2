export { z } from "zod";
export type { Client, ImportFileOptions, PredictOptions } from "./client.ts";
export type { Connection } from "./connection.ts";
export { createClient, type NodeClient } from "./node-client.ts";
export { isPipeline, type Pipeline, pipeline } from "./pipeline/pipeline.ts";
export { dataset, file, model, report, table } from "./pipeline/port.ts";
export { python, shell, step } from "./pipeline/step.ts";
export type {
  DatasetFiles,
  DataTools,
  InputValue,
  OutputValue,
  Row,
  StepContext,
} from "./pipeline/step-context.ts";
export type { ImportTruthOptions } from "./truth.ts";
