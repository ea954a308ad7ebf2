import pg from "pg";

const INT8 = 20;
const DATE = 1082;

/**
 * How column values become JavaScript values where the driver's own choice would mislead:
 * - `int8` is a number. A value that a number cannot hold exactly is refused, never rounded: select it as text.
 * - `date` stays text, `2026-11-21`; the driver would make it midnight in the machine's own zone.
 * - `numeric` stays text, as exact as it was stored. Sums of `int8` are `numeric`: cast them to `int8` or `float8`.
 */
export const columnParsers: pg.CustomTypesConfig = {
  getTypeParser: (oid, format) => {
    if (format !== "binary") {
      if (oid === INT8) return parseSafeInteger;
      if (oid === DATE) return (text: string) => text;
    }
    return pg.types.getTypeParser(oid, format);
  },
};

function parseSafeInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) {
    throw new RangeError(`The integer ${text} is beyond 2^53; select the column as text to read it exactly.`);
  }
  return value;
}
