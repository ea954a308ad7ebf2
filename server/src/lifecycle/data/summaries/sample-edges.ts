import { referenceEdges } from "@causeway/statistics";
import { columnVector, isPresent, writeNumbers } from "../tables/column-vectors.ts";
import { type Duck, identifier } from "../tables/duck.ts";

/** Values of a column that its bins are chosen from. */
const MOST_SAMPLED = 100_000;
const CHUNK_ROWS = 2_048;

/**
 * Chooses bins for columns of numbers from a relation of `rows` rows: from all values, or beyond a hundred thousand rows
 * from those of every so many rows, so that the same rows give the same bins.
 */
export async function sampleEdges(
  duck: Duck,
  { source, columns, rows }: { source: string; columns: readonly string[]; rows: number },
): Promise<Map<string, number[]>> {
  if (columns.length === 0) return new Map();
  const stride = Math.max(1, Math.ceil(rows / MOST_SAMPLED));
  const samples = columns.map(() => ({ values: new Float64Array(Math.ceil(rows / stride) + 1), size: 0 }));
  const numbers = new Float64Array(CHUNK_ROWS);
  const values = columns.map((name) => `${identifier(name)}::double`).join(", ");
  const result = await duck.stream(`select ${values} from ${source}`);
  let seen = 0;
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) break;
    const first = (stride - (seen % stride)) % stride;
    for (const [index, sample] of samples.entries()) {
      const vector = columnVector(chunk, index, "double");
      writeNumbers(vector, "double", numbers);
      for (let row = first; row < chunk.rowCount; row += stride) {
        const value = numbers[row] as number; // inside the chunk
        const isThere = vector.present === null || isPresent(vector.present, row);
        if (isThere && value - value === 0 && sample.size < sample.values.length)
          sample.values[sample.size++] = value;
      }
    }
    seen += chunk.rowCount;
  }
  return new Map(
    columns.map((name, index) => {
      const { values: sampled = new Float64Array(), size = 0 } = samples[index] ?? {};
      return [name, referenceEdges(sampled.slice(0, size).sort())];
    }),
  );
}
