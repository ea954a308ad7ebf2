/** Types of PostgreSQL by their numbers in its catalog. */
const INT8 = 20;
const FLOAT8 = 701;

/** Bytes before the elements: dimensions, whether one is null, the elements' type, their count, the first one's number. */
const HEAD = 20;
/** Bytes of an element: its length, and eight of its own. */
const ELEMENT = 12;
const HIGH = 2 ** 32;

/**
 * Integers as the database takes an array of `bigint` in binary. As text, making and reading the digits of a thousand points
 * costs more than storing them does.
 */
export function bigintArray(values: readonly number[]): Buffer {
  return binaryArray(INT8, values, writeBigint);
}

/** Numbers as the database takes an array of `double precision` in binary. */
export function doubleArray(values: readonly (number | null)[]): Buffer {
  return binaryArray(FLOAT8, values, writeDouble);
}

function writeBigint(view: DataView, place: number, value: number): void {
  view.setInt32(place, Math.floor(value / HIGH));
  // The lower half without its sign: `>>>` is modulo 2^32.
  view.setUint32(place + 4, value >>> 0);
}

function writeDouble(view: DataView, place: number, value: number): void {
  view.setFloat64(place, value);
}

function binaryArray(
  type: number,
  values: readonly (number | null)[],
  write: (view: DataView, place: number, value: number) => void,
): Buffer {
  // Every byte up to the last element is written below.
  const bytes = Buffer.allocUnsafe(HEAD + values.length * ELEMENT);
  // A view writes without the checks of the buffer's own methods.
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let hasNull = 0;
  let place = HEAD;
  for (const value of values) {
    if (value === null) {
      hasNull = 1;
      view.setInt32(place, -1);
      place += 4;
      continue;
    }
    view.setInt32(place, 8);
    write(view, place + 4, value);
    place += ELEMENT;
  }
  for (const [index, word] of [1, hasNull, type, values.length, 1].entries()) view.setInt32(index * 4, word);
  return bytes.subarray(0, place);
}
