import { mlflowError } from "./errors.ts";

/** A path as a client of MLflow may name it: no fragment, which its own listing would refuse. The tree checks the rest. */
export function readWirePath(path: string): string {
  if (!/#|%23/.test(path)) return path;
  throw mlflowError("INVALID_PARAMETER_VALUE", "Invalid path");
}
