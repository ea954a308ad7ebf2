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
  return binaryArray(INT8, values, (bytes, place, value) => {
    bytes.writeInt32BE(Math.floor(value / HIGH), place);
    // The lower half without its sign: `>>>` is modulo 2^32.
    bytes.writeUInt32BE(value >>> 0, place + 4);
  });
}

/** Numbers as the database takes an array of `double precision` in binary. */
export function doubleArray(values: readonly (number | null)[]): Buffer {
  return binaryArray(FLOAT8, values, (bytes, place, value) => bytes.writeDoubleBE(value, place));
}

function binaryArray(
  type: number,
  values: readonly (number | null)[],
  write: (bytes: Buffer, place: number, value: number) => void,
): Buffer {
  // Every byte up to the last element is written below.
  const bytes = Buffer.allocUnsafe(HEAD + values.length * ELEMENT);
  let hasNull = 0;
  let place = HEAD;
  for (const value of values) {
    if (value === null) {
      hasNull = 1;
      place = bytes.writeInt32BE(-1, place);
      continue;
    }
    write(bytes, bytes.writeInt32BE(8, place), value);
    place += ELEMENT;
  }
  bytes.writeInt32BE(1, 0);
  bytes.writeInt32BE(hasNull, 4);
  bytes.writeInt32BE(type, 8);
  bytes.writeInt32BE(values.length, 12);
  bytes.writeInt32BE(1, 16);
  return bytes.subarray(0, place);
}
