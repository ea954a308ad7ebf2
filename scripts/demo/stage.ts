/** What the demonstration is told with, and the time that it lives in. */
export type Stage = {
  say(line: string): void;
  answer(line: string): void;
  now(): Date;
  /** Milliseconds of wall time from some moment on. */
  clock(): number;
  pause(ms: number): Promise<unknown>;
  readonly signal: AbortSignal;
};

/** What has to be ended, newest first. */
export type Ends = (() => Promise<unknown>)[];

/** Where lines of the story begin. */
export const INDENT = " ".repeat(11);
