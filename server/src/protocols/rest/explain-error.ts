import { CausewayError, fail } from "@causeway/contract";
import { isConnectionLost } from "../../platform/database/index.ts";

/** Turns failures of the layers below into ours where a caller can do something about them; the rest stays as it is. */
export function explainError(error: unknown): unknown {
  if (error instanceof CausewayError || !(error instanceof Error)) return error;
  if (isConnectionLost(error)) {
    return fail("UNAVAILABLE", {
      message: "The database does not answer",
      help: "Try again in a moment; it is started again by itself.",
      cause: error,
    });
  }
  const code = "code" in error ? error.code : undefined;
  const status = "statusCode" in error ? error.statusCode : undefined;
  switch (code) {
    case "ENOSPC":
    case "EDQUOT":
    case "53100": // PostgreSQL's disk_full
      return fail("DISK_FULL", {
        message: "The disk is full",
        help: "Free some space and try again.",
        cause: error,
      });
    case "FST_ERR_CTP_BODY_TOO_LARGE":
      return fail("PAYLOAD_TOO_LARGE", {
        message: "The body is larger than this route takes",
        field: "body",
        help: "Send large content as an upload, not inside JSON.",
        cause: error,
      });
    case "FST_ERR_CTP_INVALID_MEDIA_TYPE":
      return fail("BAD_REQUEST", {
        message: "The body's content-type is not application/json",
        field: "Content-Type",
        help: "Send the header `content-type: application/json`.",
        cause: error,
      });
    default:
      if (typeof status !== "number" || status >= 500) return error;
      return fail("BAD_REQUEST", { message: error.message, cause: error });
  }
}
