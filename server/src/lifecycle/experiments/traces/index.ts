export { type Assessments, createAssessments } from "./assessment-service.ts";
export type { Assessment, Span, Trace, TraceInfo, TraceState } from "./trace.ts";
export { createTraces, type GivenTrace, type Traces } from "./trace-service.ts";
