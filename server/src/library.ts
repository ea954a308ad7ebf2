import { type LibraryStep, trainYdf } from "./lifecycle/pipelines/index.ts";
import { evaluate, register } from "./lifecycle/registry/index.ts";

/** The steps that ship with the product, in the order of the stages that contribute them. */
export const LIBRARY_STEPS: readonly LibraryStep[] = [trainYdf, evaluate, register];
