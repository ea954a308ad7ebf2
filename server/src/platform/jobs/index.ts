export { createJobs, type JobsOptions } from "./create-jobs.ts";
export type { Cron, Job, JobHandler, JobOptions, Jobs, JobsLog, SendOptions } from "./job.ts";
