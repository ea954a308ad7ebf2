import { fail, type RegistryStage } from "@causeway/contract";

/** The stages of which old clients may archive what was there before. */
const ACTIVE: readonly RegistryStage[] = ["staging", "production"];

/** Refuses to archive what was in a stage that is no place of work. */
export function checkStageChange(change: { stage: RegistryStage; archiveExisting: boolean }): void {
  if (!change.archiveExisting || ACTIVE.includes(change.stage)) return;
  throw fail("INVALID_FIELD", {
    message: `Versions in the stage ${change.stage} are not archived when another comes to it`,
    field: "archiveExisting",
    value: change.archiveExisting,
    help: `Leave it out, or move the version to ${ACTIVE.join(" or ")}.`,
  });
}
