import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** How many bytes may pass before the memory of those that passed before is taken back. */
const PASSED_BYTES = 16 * 1024 * 1024;

let collect: ((options: { type: "minor" }) => void) | undefined;

/**
 * Counts bytes that pass through, and now and then takes back the memory of the buffers that carried them. Left alone, the engine
 * sees 64 MB outside its heap and goes through all of the heap, eight times for a file of 300 MB; a look at the newest objects,
 * a millisecond, finds the same buffers, whose memory is then still warm.
 */
export function createPassed(): (bytes: number) => void {
  let passed = 0;
  return (bytes) => {
    passed += bytes;
    if (passed < PASSED_BYTES) return;
    passed = 0;
    collect ??= findCollector();
    collect({ type: "minor" });
  };
}

/** The engine's own collector, which contexts that are made after the flag have. */
function findCollector(): (options: { type: "minor" }) => void {
  setFlagsFromString("--expose-gc");
  return runInNewContext("gc") as (options: { type: "minor" }) => void; // the engine's, which has no type of its own
}
