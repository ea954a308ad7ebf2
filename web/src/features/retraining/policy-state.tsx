import type { Policy } from "@causeway/contract";
import { StatusWord } from "../../components/status-mark.tsx";
import { useWords } from "../../lib/words.tsx";
import { cycleStatus, isOpen } from "./cycle-status.ts";

/** Where a policy stands: its open cycle, that it is paused or held back, or that it is ready. */
export function PolicyState({ policy: { newest, paused, held } }: { policy: Policy }) {
  const { t } = useWords();
  if (newest !== null && isOpen(newest)) {
    return <StatusWord status={cycleStatus(newest.state)}>{t(`cycleState.${newest.state}`)}</StatusWord>;
  }
  if (paused) return <StatusWord status="blocked">{t("retraining.paused")}</StatusWord>;
  if (held !== null) return <StatusWord status="idle">{t("retraining.heldBack")}</StatusWord>;
  return <StatusWord status="ok">{t("retraining.ready")}</StatusWord>;
}
