import type { CycleFact } from "@causeway/contract";
import { isSettled, type WindowFact } from "./window-fact.ts";

/** The window that judges, or what is waited for. */
export type JudgingChoice =
  | { readonly kind: "window"; readonly window: WindowFact }
  | { readonly kind: "wait"; readonly why: CycleFact };

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
    const { title = null, labelled = 0, rows = 0 } = awaited ?? {};
    return { kind: "wait", why: { says: "awaits-truth", window: title, labelled, rows } };
  }
  if (trainedUntil !== null && settled.start < trainedUntil) {
    return { kind: "wait", why: { says: "awaits-later-truth", window: settled.title } };
  }
  return { kind: "window", window: settled };
}
