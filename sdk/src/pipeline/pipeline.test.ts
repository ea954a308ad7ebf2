import { describe, expect, expectTypeOf, it } from "vitest";
import { z } from "zod";
import { evaluate, register, trainYdf } from "../steps/index.ts";
import type { Edge } from "./edge.ts";
import { pipeline } from "./pipeline.ts";
import { dataset, model, report, table } from "./port.ts";
import { python, shell, step } from "./step.ts";

const split = step("split", {
  input: { customers: dataset() },
  params: { testShare: z.number().min(0).max(0.5).default(0.2) },
  output: { train: dataset(), test: dataset() },
  async run({ customers, testShare }, { data }) {
    return data.splitByHash(customers, {
      key: "customerID",
      shares: { train: 1 - testShare, test: testShare },
    });
  },
});

const train = python("train", {
  script: "train.py",
  lock: "train.lock",
  input: { rows: dataset() },
  params: { trees: z.int().positive().default(300), seed: z.int().default(7) },
  output: { model: model("onnx"), importance: table() },
  resources: { cpu: 2, memory: "2 GiB" },
  retries: 1,
  timeout: "30 min",
});

describe("pipeline", () => {
  it("P1/dataflow draws an edge for each argument", () => {
    const churn = pipeline("churn", {
      params: { customers: dataset("customers@latest"), trees: z.int().default(300) },
      steps({ customers, trees }) {
        const { train: rows, test } = split({ customers });
        const trained = train({ rows, trees });
        const judged = evaluate({ model: trained.model, rows: test, target: "Churn" });
        return register({ name: "churn", model: trained.model, report: judged });
      },
    });
    const calls = churn.draw();
    expect(calls.map(({ name }) => name)).toEqual(["split", "train", "evaluate", "register"]);
    expect(calls[0]?.inputs).toEqual({ customers: { from: "param", param: "customers" } });
    expect(calls[1]?.inputs).toEqual({ rows: { from: "step", step: "split", output: "train" } });
    expect(calls[1]?.params).toEqual({ trees: { from: "param", param: "trees" } });
    expect(calls[3]?.params).toEqual({ name: { from: "value", value: "churn" } });
  });

  it("gives a second call of a step a name of its own", () => {
    const twice = pipeline("twice", {
      params: { customers: dataset("customers@latest") },
      steps: ({ customers }) => {
        const { train: rows } = split({ customers });
        split({ customers: rows });
      },
    });
    const calls = twice.draw();
    expect(calls.map(({ name }) => name)).toEqual(["split", "split-2"]);
    expect(calls[1]?.inputs).toEqual({ customers: { from: "step", step: "split", output: "train" } });
  });

  it("draws the same graph each time", () => {
    const one = pipeline("one", {
      params: { rows: dataset("a@latest") },
      steps: ({ rows }) => train({ rows }),
    });
    expect(one.draw()).toEqual(one.draw());
  });
});

describe("wrong edges", () => {
  const draw = (steps: (rows: Edge<"dataset", string, "params.rows">) => unknown) =>
    pipeline("wrong", { params: { rows: dataset("rows@latest") }, steps: ({ rows }) => steps(rows) }).draw();

  it("P1/typed a table where a dataset is wanted does not compile and names both ends", () => {
    expect(() =>
      draw((rows) => {
        const { importance } = train({ rows });
        // @ts-expect-error Edge<"table", string, "train.importance"> is not assignable to Target<"dataset", string, "split.customers">
        split({ customers: importance });
      }),
    ).toThrow("split.customers takes a dataset, but got train.importance, a table");
  });

  it("P1/typed a missing input does not compile", () => {
    expect(() =>
      draw(() => {
        // @ts-expect-error `customers` is missing
        split({});
      }),
    ).toThrow("split.customers is not connected");
  });

  it("P1/typed a param of another type does not compile", () => {
    draw((rows) => {
      // @ts-expect-error string is not assignable to number
      train({ rows, trees: "many" });
    });
    pipeline("wrong", {
      params: { rows: dataset("rows@latest"), name: z.string() },
      steps({ rows, name }) {
        // @ts-expect-error ParamRef<string> is not assignable to ParamRef<number>
        train({ rows, trees: name });
      },
    });
  });

  it("P1/typed a model of another format does not compile", () => {
    const onlyYdf = step("only-ydf", { input: { model: model("ydf") }, run: () => {} });
    expect(() =>
      draw((rows) => {
        // @ts-expect-error a model of format onnx is not one of format ydf
        onlyYdf({ model: train({ rows }).model });
      }),
    ).toThrow("only-ydf.model takes a model of format ydf, but got train.model, a model of format onnx");
    draw((rows) => onlyYdf({ model: trainYdf({ rows, target: "y" }) }));
  });

  it("P1/typed a model of MLflow is registered without a report, and a file only with one", () => {
    const save = step("save", {
      output: { model: model("mlflow") },
      run: (_, { folder }) => ({ model: folder }),
    });
    draw(() => register({ name: "saved", model: save().model }));
    expect(() =>
      draw((rows) => {
        // @ts-expect-error a file says nothing of what it takes and answers: its report does
        register({ name: "file", model: train({ rows }).model });
      }),
    ).toThrow("register.model takes a model of format mlflow, but got train.model, a model of format onnx");
  });

  it("P1/typed what a step returns must be its outputs", () => {
    // @ts-expect-error `result` is not returned
    step("nothing", { output: { result: report() }, run: () => ({}) });
    step("something", { output: { result: report() }, run: () => ({ result: { rows: 3 } }) });
  });

  it("refuses an output where a param is wanted, and an argument that the step does not have", () => {
    expect(() =>
      draw((rows) => {
        const { importance } = train({ rows });
        // @ts-expect-error an edge is no number
        train({ rows, trees: importance });
      }),
    ).toThrow("train-2.trees is a param, but got train.importance, a table");
    expect(() =>
      draw((rows) => {
        // @ts-expect-error train has no `depth`
        train({ rows, depth: 3 });
      }),
    ).toThrow("train has neither an input nor a param depth");
  });

  it("refuses a step outside of a pipeline, and a graph that waits", () => {
    const hello = shell("hello", { command: "echo hello" });
    expect(() => hello()).toThrow("The step hello was called outside of a pipeline");
    expect(() => pipeline("slow", { steps: async () => hello() }).draw()).toThrow("async function");
  });
});

describe("types inside a step", () => {
  it("P1/typed inputs and params arrive with their types", () => {
    step("typed", {
      input: { rows: dataset(), model: model("onnx") },
      params: { share: z.number(), when: z.string().transform((text) => new Date(text)) },
      run({ rows, model: file, share, when }) {
        expectTypeOf(rows.rows).toBeNumber();
        expectTypeOf(rows.key).toEqualTypeOf<string | null>();
        expectTypeOf(file.path).toBeString();
        expectTypeOf(share).toBeNumber();
        expectTypeOf(when).toEqualTypeOf<Date>();
      },
    });
  });
});
