/** What is wrong with a pipeline, where, and the way out. */
export type BadPipelineDetails = {
  message: string;
  field?: string;
  value?: unknown;
  help?: string;
  cause?: unknown;
};

/**
 * A refusal while a graph is drawn. Pipeline files are also loaded inside steps, where the start of a process counts and
 * the contract's schemas are not loaded; `loadPipeline` turns this into the contract's BAD_PIPELINE.
 */
export class BadPipeline extends Error {
  override readonly name = "BadPipeline";
  readonly details: BadPipelineDetails;

  constructor(details: BadPipelineDetails) {
    super(details.message, { cause: details.cause });
    this.details = details;
  }
}

/** Makes the refusal to throw. */
export function badPipeline(details: BadPipelineDetails): BadPipeline {
  return new BadPipeline(details);
}

/** Knows the refusal by its name: the pipeline's file may hold another copy of this class. */
export function isBadPipeline(error: unknown): error is BadPipeline {
  return error instanceof Error && error.name === "BadPipeline" && "details" in error;
}
