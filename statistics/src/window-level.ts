/** Share of the false alarms that earlier alarms pay for: after one, the next windows may alarm more easily. */
const REPAID = 0.1;

/**
 * Level of significance of the next window from the outcomes of the earlier ones (true = alarmed, oldest first), in the
 * manner of LORD (Javanmard and Montanari, Annals of Statistics 46, 2018): a base of 0.9 of the budget in every window, so
 * that power never fades however long nothing happens, and for each alarm 0.1 more, spread over the windows after it as
 * 1 / lag². False alarms are then expected in at most 0.9 of the budget times the windows, plus a tenth of the alarms;
 * while nothing changes that is the budget itself.
 */
export function windowLevel({
  falseAlarms,
  history,
}: {
  falseAlarms: number;
  history: readonly boolean[];
}): number {
  let repaid = 0;
  for (const [i, alarmed] of history.entries()) {
    const lag = history.length - i;
    if (alarmed) repaid += 6 / Math.PI ** 2 / (lag * lag);
  }
  return Math.min(1, (1 - REPAID) * falseAlarms + REPAID * repaid);
}
