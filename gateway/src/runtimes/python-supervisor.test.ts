import { afterEach, expect, it } from "vitest";
import { fakeInterpreter } from "../../testing/fake-interpreter.ts";
import { type SupervisedModel, superviseModel } from "./python-supervisor.ts";

const lines: string[] = [];
const watch = { onDeath: () => undefined, onLine: (line: string) => lines.push(line) };

let model: SupervisedModel | undefined;
afterEach(async () => {
  await model?.release();
  model = undefined;
  lines.length = 0;
});

async function begin(limits: Parameters<typeof superviseModel>[2] = {}): Promise<SupervisedModel> {
  model = await superviseModel(await fakeInterpreter(), watch, limits);
  return model;
}

/** The number of the process that answered. */
async function ask(of: SupervisedModel, act: string): Promise<string> {
  const { header } = await of.ask({ kind: "run", rows: 1, columns: [], params: { act } }, []);
  const [output] = header["outputs"] as { data: string[] }[]; // written by the program of the test
  return output?.data[0] ?? "";
}

it("O3/isolation asks the next process once more where one ended while it was answering", async () => {
  const of = await begin();
  const first = await ask(of, "");
  const second = await ask(of, "crash once");
  expect(second).not.toBe(first);
  expect(of.process()).toMatchObject({ restarts: 1, recycled: 0 });
  expect(lines.join("\n")).toContain("ended with code 3");
});

it("gives up a request that ends every process, and goes on with the others", async () => {
  const of = await begin();
  await expect(ask(of, "crash")).rejects.toMatchObject({ code: "INTERNAL" });
  expect(await ask(of, "")).not.toBe("");
  expect(of.process().restarts).toBe(2);
});

it("ends a process that hangs, and refuses what it was asked", async () => {
  const of = await begin({ runMs: 300 });
  await expect(ask(of, "hang")).rejects.toMatchObject({ code: "DEADLINE_EXCEEDED" });
  expect(await ask(of, "")).not.toBe("");
});

it("O3/isolation replaces a process that has grown beside its work, and fails no request", async () => {
  const of = await begin({ growthBytes: 1000 });
  const first = await ask(of, "grow");
  await expect.poll(() => ask(of, "")).not.toBe(first);
  expect(of.process()).toMatchObject({ recycled: 1, restarts: 0, memoryBytes: 1000 });
});

it("refuses a model that cannot be loaded, with Python's own words", async () => {
  await expect(superviseModel(await fakeInterpreter({ loads: false }), watch)).rejects.toMatchObject({
    code: "BAD_MODEL",
    message: "Python cannot load the model: ModuleNotFoundError: No module named 'acme'",
  });
});

it("ends its process when it is released", async () => {
  const of = await begin();
  const pid = Number(await ask(of, ""));
  await of.release();
  expect(() => process.kill(pid, 0)).toThrow();
});
