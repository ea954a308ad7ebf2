/** Whole numbers from 0 to 2^32 - 1 that a seed repeats: Marsaglia's xorwow with a Weyl sequence (sfc32, PractRand). */
export function randomNumbers(seed: number): () => number {
  let a = 0;
  let b = Math.trunc(seed / 4_294_967_296) | 0;
  let c = seed | 0;
  let counter = 1;
  function next(): number {
    const drawn = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + drawn) | 0;
    return drawn >>> 0;
  }
  // Seeds that differ by one bit need some rounds until the numbers have nothing in common.
  for (let round = 0; round < 15; round++) next();
  return next;
}
