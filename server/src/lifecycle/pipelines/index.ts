export { type Advance, createAdvance } from "./advance-runner.ts";
export type { AttemptParts } from "./attempt/attempt-parts.ts";
export { describeHardware } from "./attempt/hardware.ts";
export { createStepWork } from "./attempt/step-work.ts";
export { createBundleFolder } from "./bundles/bundle-folder.ts";
export {
  defineLibraryCommit,
  defineLibraryPreparation,
  defineLibraryStep,
  type LibraryCommit,
  type LibraryCommitContext,
  type LibraryPreparation,
  type LibraryStep,
  type LibraryStepContext,
  type LibraryStepResult,
} from "./library/define-library-step.ts";
export { createPipelines, type Pipelines } from "./pipelines-service.ts";
export type { StepInput } from "./step-input.ts";
export { trainYdf } from "./steps/train-ydf.ts";
