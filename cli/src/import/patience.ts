/** How often something is tried, and how long an answer or the next bytes of it are waited for. */
export type Patience = {
  tries: number;
  /** Doubled after each try. */
  firstWaitMs: number;
  /** Until the first byte of an answer: a server may fetch a file from a store of its own before it says anything. */
  answerMs: number;
  /** Between two pieces of an answer. */
  stallMs: number;
};

/** What another try may mend. `further` says that this one came further than all before it. */
export class Passing extends Error {
  readonly further: boolean;
  constructor(message: string, { further = false, cause }: { further?: boolean; cause?: unknown } = {}) {
    super(message, { cause });
    this.further = further;
  }
}

/** Tries until it works, or until as many tries in a row as the patience allows have come no further; then throws the last one's `Passing`. */
export async function patiently<Answer>(
  { tries, firstWaitMs }: Patience,
  attempt: () => Promise<Answer>,
): Promise<Answer> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof Passing)) throw error;
      if (error.further) tried = 1;
      else if (tried >= tries) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, firstWaitMs * 2 ** (tried - 1)));
  }
}

/** Ends a signal when nothing was heard for as long as was allowed last. */
export function createStallWatch() {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  return {
    signal: controller.signal,
    allow(ms: number): void {
      clearTimeout(timer);
      timer = setTimeout(() => controller.abort(new Error(`nothing came for ${ms / 1000} s`)), ms);
    },
    end: (): void => clearTimeout(timer),
  };
}

/** Why something failed: the client for HTTP wraps what happened to the connection in a general word. */
export function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  return cause instanceof Error ? cause.message : String(cause);
}
