import { expect, it } from "vitest";
import { type Part, type PartResult, runParts } from "./run-parts.ts";

/** Runs commands whose first word tells how they end; time goes by one for each. */
function recorder() {
  let clock = 0;
  let running = 0;
  const log = { most: 0, alone: true, done: [] as PartResult[] };
  return {
    log,
    runner: {
      run: async ([word = "", output = ""]: readonly string[]) => {
        running += 1;
        clock += 1;
        log.most = Math.max(log.most, running);
        await Promise.resolve();
        if (word === "alone" && running > 1) log.alone = false;
        running -= 1;
        return { code: word === "fail" ? 1 : 0, output };
      },
      now: () => clock,
      onDone: (result: PartResult) => void log.done.push(result),
    },
  };
}

it("runs at most as many parts at a time as asked, and alone what wants to be alone", async () => {
  const { log, runner } = recorder();
  const parts: Part[] = [
    { name: "tests", commands: [["alone"]], alone: true },
    ...["a", "b", "c"].map((name) => ({ name, commands: [["ok"], ["ok"]] })),
  ];
  const results = await runParts(parts, 2, runner);
  expect(log).toMatchObject({ most: 2, alone: true });
  expect(results.map(({ name }) => name).sort()).toEqual(["a", "b", "c", "tests"]);
  expect(log.done).toEqual(results);
});

it("keeps what each failed command said, and goes on after a failure", async () => {
  const { runner } = recorder();
  const parts: Part[] = [
    { name: "types", commands: [["fail", "one\n"], ["ok", "fine"], ["fail", "two"], ["fail"]] },
    { name: "lint", commands: [["ok"]] },
  ];
  const [types, lint] = await runParts(parts, 1, runner);
  expect(types).toMatchObject({ failed: true, output: "one\n\ntwo\n\nfail ended with 1 and said nothing" });
  expect(lint).toMatchObject({ failed: false, output: "" });
});
