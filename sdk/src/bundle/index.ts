export { type LoadedPipeline, loadPipeline } from "./load-pipeline.ts";
