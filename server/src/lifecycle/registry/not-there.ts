/** Nothing where a thing is not there; other failures stay failures. */
export function absent(error: unknown): undefined {
  if (isNotFound(error)) return undefined;
  throw error;
}

/** An empty list where a thing is not there. */
export function notThere(error: unknown): [] {
  if (isNotFound(error)) return [];
  throw error;
}

function isNotFound(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "NOT_FOUND";
}
