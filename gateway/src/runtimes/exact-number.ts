/** TypeScript's library does not know `JSON.rawJSON`, which Node has. */
const { rawJSON } = JSON as unknown as { rawJSON: (text: string) => unknown };

/** A whole number as `JSON.stringify` writes it with every digit. */
export function exactNumber(value: bigint): unknown {
  return Number.isSafeInteger(Number(value)) ? Number(value) : rawJSON(String(value));
}
