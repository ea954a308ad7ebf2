import { writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { type Column, fail, type Json } from "@causeway/contract";
import { z } from "zod";
import { createStepData } from "../../data/index.ts";
import { defineLibraryStep } from "../library/define-library-step.ts";

const Params = z.object({
  target: z.string(),
  learner: z.enum(["gradient-boosted-trees", "random-forest"]),
  without: z.array(z.string()),
  task: z.enum(["classification", "regression"]).optional(),
});

/** A trained model of the library. */
type YdfModel = {
  readonly describe: () => string;
  readonly save: () => Promise<Blob>;
  readonly unload: () => void;
};

type Columns = Readonly<Record<string, number[] | string[]>>;

type Learner = new (label: string, task: string) => { readonly train: (columns: Columns) => YdfModel };

/** The part of `ydf-training` that is used; the package has no types. */
type Ydf = {
  readonly GradientBoostedTreesLearner: Learner;
  readonly RandomForestLearner: Learner;
};

/** Trains decision forests with Yggdrasil's own WebAssembly; the model is a zip that its inference library reads. */
export const trainYdf = defineLibraryStep({
  name: "train-ydf",
  version: "1",
  async run({ params, inputs, outputs, folder, log, logParams, print }) {
    const { target, learner, without, task: asked } = Params.parse(params);
    const rows = inputs["rows"];
    const path = outputs["model"];
    if (rows === undefined || path === undefined) throw new Error("train-ydf reads rows and writes model");
    const data = createStepData({ folder });
    try {
      const schema = await data.schema(rows);
      const leftOut = new Set([...without, ...(rows.dataset?.key == null ? [] : [rows.dataset.key])]);
      const label = columnOf(schema, target);
      for (const name of without) columnOf(schema, name);
      const task =
        asked ?? (label.type === "string" || label.type === "boolean" ? "classification" : "regression");
      const features = schema.filter(({ name }) => name !== target && !leftOut.has(name));
      const frame = await data.frame(rows);
      const kept = (frame[target] ?? []).map((value) => value !== null);
      const values = (name: string): Json[] => (frame[name] ?? []).filter((_, index) => kept[index]);
      const columns: Columns = {
        ...Object.fromEntries(features.map((column) => [column.name, valuesOf(column, values(column.name))])),
        [target]: task === "classification" ? values(target).map(String) : values(target).map(Number),
      };
      const dropped = kept.filter((isKept) => !isKept).length;
      if (dropped > 0) print(`${dropped} rows without ${target} are left out`);
      logParams({ learner, task, features: features.length, rows: kept.length - dropped });
      const startedAt = performance.now();
      const model = (await train({ learner, target, task, columns })) satisfies YdfModel;
      try {
        const seconds = (performance.now() - startedAt) / 1000;
        const description = model.describe();
        for (const line of description.split("\n")) print(line);
        log({ trainingSeconds: seconds, ...selfEvaluation(description) });
        await writeFile(path, new Uint8Array(await (await model.save()).arrayBuffer()));
      } finally {
        model.unload();
      }
      return {
        summary: `${learner}, ${features.length} features, ${(kept.length - dropped).toLocaleString("en-US")} rows`,
      };
    } finally {
      await data.close();
    }
  },
});

type Training = {
  readonly learner: z.infer<typeof Params>["learner"];
  readonly target: string;
  readonly task: string;
  readonly columns: Columns;
};

async function train({ learner, target, task, columns }: Training): Promise<YdfModel> {
  // Saving a model reaches for this global, which pages of a browser load beside the library.
  // Loaded here: whatever starts knows of this step, and few train with it.
  Object.assign(globalThis, { JSZip: (await import("jszip")).default });
  const load = createRequire(import.meta.url)("ydf-training") as () => Promise<Ydf>; // a CommonJS package without types
  const ydf = await load();
  const Learner = {
    "gradient-boosted-trees": ydf.GradientBoostedTreesLearner,
    "random-forest": ydf.RandomForestLearner,
  }[learner];
  try {
    return new Learner(target, task.toUpperCase()).train(columns);
  } catch (cause) {
    throw fail("BAD_DATA", {
      message: `The model cannot be trained: ${cause instanceof Error ? cause.message : String(cause)}`,
      field: target,
      help: "The target must have at least two values, and there must be at least one other column.",
      cause,
    });
  }
}

/** Numbers as they are, missing ones as NaN; everything else is a category, missing ones empty, as the library wants it. */
function valuesOf({ type }: Column, values: readonly Json[]): number[] | string[] {
  if (type === "integer" || type === "double")
    return values.map((value) => (value === null ? Number.NaN : Number(value)));
  return values.map((value) => (value === null ? "" : String(value)));
}

function columnOf(schema: readonly Column[], name: string): Column {
  const column = schema.find((candidate) => candidate.name === name);
  if (column !== undefined) return column;
  throw fail("INVALID_FIELD", {
    message: `The rows have no column ${name}`,
    field: name,
    value: name,
    help: `Columns: ${schema.map((candidate) => candidate.name).join(", ")}`,
  });
}

/** What the learner found on the rows that it set aside for itself. */
function selfEvaluation(description: string): Record<string, number> {
  const found = {
    validationLoss: /^Validation loss value: ([\d.e+-]+)/m,
    validationAccuracy: /^Accuracy: ([\d.e+-]+)/m,
  };
  return Object.fromEntries(
    Object.entries(found).flatMap(([name, pattern]) => {
      const value = Number(pattern.exec(description)?.[1] ?? Number.NaN);
      return Number.isFinite(value) ? [[name, value]] : [];
    }),
  );
}
