export { defineWork, type Ending, type Job, type WorkDefinition } from "./define-work.ts";
export { hasEnded, type Work } from "./work.ts";
export { createWork, type WorkQueue, type WorkRequest } from "./work-queue.ts";
export { createWorker, type Worker, type WorkerOptions } from "./worker.ts";
