/** Why a text is no filter or order: what is wrong, the place in the text, and what could stand there. */
export class SearchError extends Error {
  override readonly name = "SearchError";
  /** Position of the first character that is wrong, from 0. */
  readonly at: number;
  /** How many characters are wrong; 0 where something is missing. */
  readonly length: number;
  readonly expected: readonly string[];

  constructor(
    message: string,
    { at, length, expected = [] }: { at: number; length: number; expected?: readonly string[] },
  ) {
    super(message);
    this.at = at;
    this.length = length;
    this.expected = expected;
  }
}

/** How much of a long text is shown on each side of the place. */
const SHOWN = 60;

/** The message with the text below it and carets under the place: for terminals and logs. */
export function pointAt(text: string, error: SearchError): string {
  const from = Math.max(0, error.at - SHOWN);
  const until = Math.min(text.length, error.at + Math.max(error.length, 1) + SHOWN);
  const line = text.slice(from, until).replace(/\s/g, " ");
  const carets = "^".repeat(Math.max(1, Math.min(error.length, until - error.at)));
  return `${error.message}\n  ${line}\n  ${" ".repeat(error.at - from)}${carets}`;
}
