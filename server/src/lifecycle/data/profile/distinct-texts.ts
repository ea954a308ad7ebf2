import { columnVector, INLINE_BYTES, isPresent, textReader } from "../tables/column-vectors.ts";
import { type Duck, identifier, parquet } from "../tables/duck.ts";
import { addBytes, addFourWords, createSketch, estimateDistinct } from "./hyper-log-log.ts";

/** Addresses of texts of the present vector that are remembered, so that repeated ones are looked at once. */
const SEEN_SLOTS = 1_024;

/** About how many distinct texts each of the columns holds. */
export async function countDistinctTexts(
  duck: Duck,
  paths: readonly string[],
  names: readonly string[],
): Promise<number[]> {
  if (names.length === 0) return [];
  const sketches = names.map(createSketch);
  const seen = new Float64Array(SEEN_SLOTS);
  let scratch = new Uint8Array(64 * 1024);
  const result = await duck.stream(`select ${names.map(identifier).join(", ")} from ${parquet(paths)}`);
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) break;
    for (const [index, sketch] of sketches.entries()) {
      const vector = columnVector(chunk, index, "string");
      const texts = textReader(vector);
      seen.fill(0);
      for (let row = 0; row < vector.rows; row++) {
        if (!isPresent(vector.present, row)) continue;
        const length = texts.length(row);
        if (length <= INLINE_BYTES) {
          addFourWords(sketch, texts.words, row * 4);
          continue;
        }
        const address = texts.address(row);
        const slot = (address >>> 3) & (SEEN_SLOTS - 1);
        if (seen[slot] === address) continue;
        seen[slot] = address;
        if (length > scratch.length) scratch = new Uint8Array(length * 2);
        texts.copy(row, scratch, 0);
        addBytes(sketch, scratch, { from: 0, to: length });
      }
    }
  }
  return sketches.map(estimateDistinct);
}
