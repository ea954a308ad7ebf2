export { isPipeline, pipeline } from "../pipeline/pipeline.ts";
export { dataset, file, model, report, table } from "../pipeline/port.ts";
export { python, shell, step } from "../pipeline/step.ts";
export { createClient } from "./late-client.ts";
export { z } from "./lazy-zod.ts";
