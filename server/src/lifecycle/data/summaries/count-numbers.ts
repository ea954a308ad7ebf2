import { columnVector, isPresent, writeNumbers } from "../tables/column-vectors.ts";
import type { Duck } from "../tables/duck.ts";
import { countBlock, countMissing, countNumber, type NumberCounter } from "./number-counter.ts";

/** DuckDB hands out rows in blocks of at most this many. */
const CHUNK_ROWS = 2_048;

/**
 * Counts columns of numbers in one pass. The query's first column is the number of the group (an integer; a row without one
 * counts nowhere), the others are doubles; `counters[group][i]` are the counters of column i, none where the group leaves it out.
 */
export async function countNumbers(
  duck: Duck,
  query: string,
  counters: readonly (readonly (readonly NumberCounter[])[])[],
): Promise<void> {
  const columns = Math.max(0, ...counters.map((group) => group.length));
  const groups = new Float64Array(CHUNK_ROWS);
  const numbers = new Float64Array(CHUNK_ROWS);
  const result = await duck.stream(query);
  // The next rows are read while these are counted.
  let coming = result.fetchChunk();
  for (;;) {
    const chunk = await coming;
    if (chunk === null || chunk.rowCount === 0) return;
    coming = result.fetchChunk();
    const rows = writeNumbers(columnVector(chunk, 0, "integer"), "integer", groups);
    const only = uniform(groups, rows);
    for (let index = 0; index < columns; index++) {
      const vector = columnVector(chunk, index + 1, "double");
      writeNumbers(vector, "double", numbers);
      if (only !== null) {
        const isMissing = (row: number) => !isPresent(vector.present, row);
        for (const counter of counters[only]?.[index] ?? [])
          countBlock(counter, { numbers, rows }, isMissing);
        continue;
      }
      for (let row = 0; row < rows; row++) {
        const own = counters[groups[row] as number]?.[index]; // inside
        if (own === undefined) continue;
        const present = vector.present === null || isPresent(vector.present, row);
        for (let i = 0; i < own.length; i++) {
          const counter = own[i] as NumberCounter; // inside
          if (present)
            countNumber(counter, numbers[row] as number); // inside
          else countMissing(counter, 1);
        }
      }
    }
  }
}

/** The group of all rows where it is one. */
function uniform(groups: Float64Array, rows: number): number | null {
  const [first = Number.NaN] = groups;
  for (let row = 1; row < rows; row++) if (groups[row] !== first) return null;
  return Number.isNaN(first) ? null : first;
}
