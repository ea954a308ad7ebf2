/**
 * What the bytes of one field can be read as, one bit each, so that a column is the union of its fields. The grammar is
 * narrower than DuckDB's casts on purpose: what passes here, DuckDB reads to the same value.
 */
export const FIELD = {
  /** Nothing, or spaces alone. */
  blank: 1,
  /** A word that stands for a missing value in a column of another type: NA, NULL, NaN and the like. */
  marker: 2,
  /** A whole number that fits 64 bits. */
  integer: 4,
  /** A whole number with leading zeros: a code, such as a postal code, rather than a quantity. */
  padded: 8,
  /** A whole number beyond 64 bits: an identifier, which a double would round. */
  wide: 16,
  /** A number with a fraction or an exponent, or an infinity. */
  double: 32,
  /** true or false in any case. */
  boolean: 64,
  /** A calendar day, YYYY-MM-DD. */
  date: 128,
  /** A day with a time, `YYYY-MM-DD hh:mm[:ss[.ffffff]]`, `T` or a space between. */
  timestamp: 256,
  /** A timestamp that names its distance from UTC. */
  zoned: 512,
  /** Spaces around the value. */
  spaced: 1024,
  /** The digits 0 or 1 alone. */
  bit: 2048,
  /** Anything else. */
  text: 4096,
} as const;

const MARKERS = new Set(["NA", "N/A", "n/a", "NULL", "null", "NaN", "nan", "None"]);
const BOOLEANS = new Set(["true", "false"]);
const INFINITIES = new Set(["inf", "infinity"]);
const LONGEST_WORD = 9;
const LARGEST_INTEGER = "9223372036854775807";
const SMALLEST_INTEGER = "9223372036854775808";

const SPACE = 32;
const TAB = 9;
const ZERO = 48;
const NINE = 57;
const PLUS = 43;
const MINUS = 45;
const POINT = 46;
const COLON = 58;

/** The kind of the field that stands between two offsets. */
export function fieldKind(bytes: Uint8Array, from: number, to: number): number {
  let start = from;
  let end = to;
  while (start < end && isSpace(bytes[start])) start++;
  while (end > start && isSpace(bytes[end - 1])) end--;
  if (start === end) return FIELD.blank;
  const kind = trimmedKind(bytes, start, end);
  return end - start === to - from ? kind : kind | FIELD.spaced;
}

function isSpace(byte: number | undefined): boolean {
  return byte === SPACE || byte === TAB;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= ZERO && byte <= NINE;
}

function trimmedKind(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  const first = bytes[at];
  const signed = first === PLUS || first === MINUS;
  if (signed) at++;
  const digitsFrom = at;
  while (at < end && isDigit(bytes[at])) at++;
  const digits = at - digitsFrom;
  if (at === end && digits > 0) return wholeKind(bytes, { start, digitsFrom, end });
  if (digits === 4 && !signed && bytes[at] === MINUS) return dayKind(bytes, start, end);
  if (digits === 0 && bytes[at] !== POINT) return wordKind(bytes, start, end);

  let fraction = 0;
  if (bytes[at] === POINT) {
    at++;
    while (at < end && isDigit(bytes[at])) {
      at++;
      fraction++;
    }
  }
  if (digits + fraction === 0) return FIELD.text;
  if (at < end && (bytes[at] === 101 || bytes[at] === 69)) {
    at++;
    if (bytes[at] === PLUS || bytes[at] === MINUS) at++;
    const exponentFrom = at;
    while (at < end && isDigit(bytes[at])) at++;
    if (at === exponentFrom) return FIELD.text;
  }
  if (at !== end) return FIELD.text;
  return digits > 1 && bytes[digitsFrom] === ZERO ? FIELD.text : FIELD.double;
}

function wholeKind(
  bytes: Uint8Array,
  { start, digitsFrom, end }: { start: number; digitsFrom: number; end: number },
): number {
  const digits = end - digitsFrom;
  const leading = bytes[digitsFrom];
  if (digits === 1 && start === digitsFrom && (leading === ZERO || leading === ZERO + 1))
    return FIELD.integer | FIELD.bit;
  if (leading === ZERO && digits > 1) return FIELD.padded;
  if (digits < 19) return FIELD.integer;
  if (digits > 19) return FIELD.wide;
  const limit = bytes[start] === MINUS ? SMALLEST_INTEGER : LARGEST_INTEGER;
  return ascii(bytes, digitsFrom, end) <= limit ? FIELD.integer : FIELD.wide;
}

function wordKind(bytes: Uint8Array, start: number, end: number): number {
  if (end - start > LONGEST_WORD) return FIELD.text;
  const word = ascii(bytes, start, end);
  if (MARKERS.has(word)) return FIELD.marker;
  const lower = word.toLowerCase();
  if (BOOLEANS.has(lower)) return FIELD.boolean;
  return INFINITIES.has(lower.replace(/^[+-]/, "")) ? FIELD.double : FIELD.text;
}

function ascii(bytes: Uint8Array, start: number, end: number): string {
  let text = "";
  for (let at = start; at < end; at++) text += String.fromCharCode(bytes[at] ?? 0);
  return text;
}

/** Two digits as a number, or -1. */
function pair(bytes: Uint8Array, at: number): number {
  const tens = bytes[at];
  const ones = bytes[at + 1];
  if (tens === undefined || ones === undefined || !isDigit(tens) || !isDigit(ones)) return -1;
  return (tens - ZERO) * 10 + ones - ZERO;
}

function dayKind(bytes: Uint8Array, start: number, end: number): number {
  const year = pair(bytes, start) * 100 + pair(bytes, start + 2);
  const month = pair(bytes, start + 5);
  const day = pair(bytes, start + 8);
  if (end - start < 10 || bytes[start + 7] !== MINUS || year < 1) return FIELD.text;
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return FIELD.text;
  const at = start + 10;
  if (at === end) return FIELD.date;
  const separator = bytes[at];
  return separator === SPACE || separator === 84 ? clockKind(bytes, at + 1, end) : FIELD.text;
}

function daysIn(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

function clockKind(bytes: Uint8Array, from: number, end: number): number {
  const hour = pair(bytes, from);
  const minute = pair(bytes, from + 3);
  if (hour < 0 || hour > 23 || bytes[from + 2] !== COLON || minute < 0 || minute > 59) return FIELD.text;
  let at = from + 5;
  if (bytes[at] === COLON) {
    const second = pair(bytes, at + 1);
    if (second < 0 || second > 59) return FIELD.text;
    at += 3;
    if (bytes[at] === POINT) {
      const fractionFrom = ++at;
      while (at < end && isDigit(bytes[at])) at++;
      if (at === fractionFrom || at - fractionFrom > 9) return FIELD.text;
    }
  }
  if (at === end) return FIELD.timestamp;
  return zoneEnds(bytes, at, end) ? FIELD.timestamp | FIELD.zoned : FIELD.text;
}

/** True where `Z`, `+hh`, `+hhmm` or `+hh:mm` stands from here to the end. */
function zoneEnds(bytes: Uint8Array, at: number, end: number): boolean {
  if (bytes[at] === 90) return at + 1 === end;
  if (bytes[at] !== PLUS && bytes[at] !== MINUS) return false;
  const hours = pair(bytes, at + 1);
  if (hours < 0 || hours > 15) return false;
  if (at + 3 === end) return true;
  const minutesFrom = bytes[at + 3] === COLON ? at + 4 : at + 3;
  const minutes = pair(bytes, minutesFrom);
  return minutes >= 0 && minutes < 60 && minutesFrom + 2 === end;
}
