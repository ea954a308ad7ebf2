import type { Failure, Problem } from "@causeway/contract";

/** What is kept of why something was not judged. */
export function failureOf({ code, detail, help }: Problem): Failure {
  return { code, detail, help: help ?? null };
}
