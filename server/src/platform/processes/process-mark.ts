import { readProcess } from "./proc-table.ts";

/** Set on every child: the claim that it works for, `<work id>.<fencing>`. Children of children inherit it. */
export const ATTEMPT_VARIABLE = "CAUSEWAY_ATTEMPT";

/** Set on every child: the process that started it, `<pid>.<start time>`, and the data folder. */
export const OWNER_VARIABLE = "CAUSEWAY_OWNER";

/** Names this process for good. */
export function ownerMark(dataDir: string): string {
  const self = readProcess("self");
  return `${process.pid}.${self?.startTicks ?? 0}.${dataDir}`;
}

/** Reads an owner's mark back; undefined when it is not one. */
export function parseOwnerMark(
  mark: string,
): { pid: number; startTicks: number; dataDir: string } | undefined {
  const match = /^(\d+)\.(\d+)\.(.*)$/s.exec(mark);
  if (match === null) return undefined;
  return { pid: Number(match[1]), startTicks: Number(match[2]), dataDir: match[3] ?? "" };
}
