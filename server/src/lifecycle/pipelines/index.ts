export {
  defineLibraryCommit,
  defineLibraryStep,
  type LibraryCommit,
  type LibraryCommitContext,
  type LibraryStep,
  type LibraryStepContext,
  type LibraryStepResult,
} from "./library/define-library-step.ts";
export type { StepInput } from "./step-input.ts";
