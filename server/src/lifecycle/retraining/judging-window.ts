import { isSettled, type WindowFact } from "./window-fact.ts";

/** The window that judges, or what is waited for. */
export type JudgingChoice =
  | { readonly kind: "window"; readonly window: WindowFact }
  | { readonly kind: "wait"; readonly why: string };

/**
 * The newest window whose truth has come and of which the version that serves has learned nothing. It is not older than the
 * window that showed the reason: the challenger must prove itself on the world as it is now.
 */
export function chooseJudgingWindow(situation: {
  /** Closed windows, newest first. */
  readonly windows: readonly WindowFact[];
  readonly watermark: Date;
  /** Event time before which rows may have been learned from. */
  readonly trainedUntil: Date | null;
  /** Start of the window that showed the reason; null where there is none. */
  readonly shownBy: Date | null;
}): JudgingChoice {
  const { windows, watermark, trainedUntil, shownBy } = situation;
  const settled = windows.find((window) => isSettled(window, watermark));
  if (settled === undefined || (shownBy !== null && settled.start < shownBy)) {
    const awaited = windows.find(({ start }) => shownBy === null || start.getTime() === shownBy.getTime());
    const how =
      awaited === undefined
        ? ""
        : ` of ${awaited.title}: ${awaited.labelled} of ${awaited.rows} rows have it`;
    return { kind: "wait", why: `waits for truth${how}` };
  }
  if (trainedUntil !== null && settled.start < trainedUntil) {
    return {
      kind: "wait",
      why: `waits for truth of a window after ${settled.title}, of which the version that serves has learned`,
    };
  }
  return { kind: "window", window: settled };
}
