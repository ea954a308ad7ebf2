import { expect, it } from "vitest";
import { createOutput } from "./output.ts";
import { table } from "./table.ts";

function sink(isTTY: boolean) {
  const written: string[] = [];
  return { written, stream: { write: (text: string) => written.push(text) > 0, isTTY, columns: 40 } };
}

it("X8/tables prints columns without lines, numbers to the right, a dash for what is missing", () => {
  expect(
    table(
      ["name", "rows"],
      [
        ["customers", "7,043"],
        ["x", null],
      ],
      ["rows"],
    ),
  ).toBe(["name        rows", "customers  7,043", "x              –"].join("\n"));
});

it("X8/json prints the answer on one line of standard output", () => {
  const [stdout, stderr] = [sink(false), sink(false)];
  const out = createOutput({ json: true, stdout: stdout.stream, stderr: stderr.stream, clock: () => 0 });
  out.answer({ items: [] }, () => "unused");
  expect(stdout.written).toEqual(['{"items":[]}\n']);
  expect(stderr.written).toEqual([]);
});

it("X8/progress shows nothing for what is quick and redraws one line on a terminal", () => {
  const [stdout, stderr] = [sink(false), sink(true)];
  let now = 0;
  const out = createOutput({ json: false, stdout: stdout.stream, stderr: stderr.stream, clock: () => now });
  out.progress.update("a");
  now = 200;
  out.progress.update("b");
  out.answer("done", String);
  expect(stderr.written).toEqual(["\r\u001b[Kb", "\r\u001b[K"]);
});
