import { readFileSync } from "node:fs";
import { pipeline, report, step, z } from "causeway-ml";

/** Twenty steps in a row, each in a process of its own, that pass one number on. */
const first = step("s01", {
  params: { salt: z.int() },
  output: { value: report() },
  async run({ salt }) {
    return { value: salt };
  },
});

const next = (name: string) =>
  step(name, {
    input: { before: report() },
    output: { value: report() },
    async run({ before }) {
      // Another number than in the run before, or the rest of the chain would come from the cache.
      return { value: Number(readFileSync(before.path, "utf8")) + 1 };
    },
  });

export default pipeline("chain", {
  params: { salt: z.int().default(0) },
  steps({ salt }) {
    let value = first({ salt }).value as ReturnType<ReturnType<typeof next>>["value"];
    for (let number = 2; number <= 20; number += 1) {
      value = next(`s${String(number).padStart(2, "0")}`)({ before: value }).value;
    }
  },
});
