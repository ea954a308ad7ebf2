/** Failures of a connection attempt that mean: no server there yet, or one that is starting or stopping. */
const ABSENT_CODES = new Set([
  "ECONNREFUSED",
  "ENOENT",
  "57P01", // admin_shutdown
  "57P02", // crash_shutdown
  "57P03", // cannot_connect_now: starting up or shutting down
]);

/** Failures that end a connection in the middle of its use; the statement may or may not have been committed. */
const LOST_CODES = new Set([...ABSENT_CODES, "ECONNRESET", "EPIPE", "08000", "08003", "08006", "25P03"]);

/** True when no database server answered, and trying again shortly makes sense. */
export function isServerAbsent(error: unknown): boolean {
  return ABSENT_CODES.has(codeOf(error) ?? "");
}

/** True when the connection to the database was lost or never made, so the statement's outcome is unknown. */
export function isConnectionLost(error: unknown): boolean {
  const code = codeOf(error);
  if (code !== undefined) return LOST_CODES.has(code);
  // The driver gives these two no code.
  return (
    error instanceof Error &&
    /Connection terminated|Client has encountered a connection error/.test(error.message)
  );
}

function codeOf(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}
