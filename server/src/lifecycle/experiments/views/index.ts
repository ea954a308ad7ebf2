export { createRunViews, type RunViewsParts } from "./run-views-service.ts";
