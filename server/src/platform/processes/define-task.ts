import type { Json, Progress } from "@causeway/contract";

/** What a task may do beside its work. */
export type TaskContext = {
  readonly progress: (progress: Progress) => void;
  /** An empty folder of the task's own, removed afterwards. */
  readonly scratch: string;
  readonly dataDir: string;
};

/** Heavy computing that a stage contributes; runs in a process of its own and touches files only. */
export type TaskDefinition = {
  readonly name: string;
  readonly run: (input: never, context: TaskContext) => Promise<Json>;
};

/**
 * Declares a task. Its input is written by the same stage in the worker (`runTask`), so that both ends are one program and
 * the types are the stage's own promise; both are JSON.
 */
export function defineTask<Input>(definition: {
  readonly name: string;
  readonly run: (input: Input, context: TaskContext) => Promise<Json>;
}): TaskDefinition {
  return definition;
}
