export { createCurveSampler } from "./curve-sampler-service.ts";
