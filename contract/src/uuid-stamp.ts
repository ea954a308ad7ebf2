/** The counter that keeps ids of one millisecond in order (RFC 9562, section 6.2, method 1) has 12 bits. */
const MOST_IN_A_MILLISECOND = 0xfff;

/**
 * Makes the first three groups of UUIDv7 from times in milliseconds, such that later ones sort after earlier ones, also within
 * a millisecond and when the clock goes back. What follows them is random.
 */
export function createUuidStamp(): (time: number) => string {
  let last = 0;
  let counter = 0;
  return (time) => {
    if (time > last) {
      last = time;
      counter = 0;
    } else if (counter === MOST_IN_A_MILLISECOND) {
      last += 1;
      counter = 0;
    } else counter += 1;
    const stamp = last.toString(16).padStart(12, "0");
    return `${stamp.slice(0, 8)}-${stamp.slice(8)}-${(0x7000 | counter).toString(16)}`;
  };
}
