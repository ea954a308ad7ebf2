import { fail } from "@causeway/contract";

/** The refusal of a run that is not there. */
export function noRun(run: string) {
  return fail("NOT_FOUND", {
    message: `there is no run ${run}`,
    field: "run",
    value: run,
    help: "npx --no causeway experiments runs",
  });
}

/** The refusal to change a deleted run. */
export function deletedRun(run: string) {
  return fail("CONFLICT", {
    message: `the run ${run} is deleted: it must be in the 'active' state`,
    field: "run",
    value: run,
    help: `Restore it first: npx --no causeway experiments restore --run ${run}`,
  });
}
