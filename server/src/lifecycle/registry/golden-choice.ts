/** How many rows a version keeps with their answers. */
export const GOLDEN_ROWS = 20;

/**
 * Chooses the rows of a dataset version that become golden rows: the same rows for the same version, spread over all of
 * it, and no row twice. `digest` is the version's id; the answer is in ascending order.
 */
export function chooseGoldenRows(rows: number, digest: string): number[] {
  if (rows <= GOLDEN_ROWS) return Array.from({ length: rows }, (_, row) => row);
  const next = xorshift(Number.parseInt(digest.slice(0, 8), 16));
  const chosen = new Set<number>();
  while (chosen.size < GOLDEN_ROWS) chosen.add(Math.floor(next() * rows));
  return [...chosen].sort((a, b) => a - b);
}

/** Numbers from 0 to 1 by Marsaglia's 32-bit xorshift (Journal of Statistical Software 8, 2003), 13-17-5. */
function xorshift(seed: number): () => number {
  let state = seed | 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 4_294_967_296;
  };
}
