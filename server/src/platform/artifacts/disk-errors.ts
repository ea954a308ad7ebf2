import { fail } from "@causeway/contract";

/** A full disk in words; other errors as they are. */
export function explained(error: unknown, root: string): unknown {
  if (hasCode(error, "ENOSPC", "EDQUOT")) {
    return fail("DISK_FULL", {
      message: `The disk under ${root} is full`,
      value: root,
      help: "Free some space and try again; nothing of this was kept.",
      cause: error,
    });
  }
  return error;
}

/** Whether the system refused with one of these codes. */
export function hasCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && "code" in error && codes.includes(String(error.code));
}
