/// <reference path="./ydf-inference.d.ts" />
import { fail, type Signature } from "@causeway/contract";
import { defineRuntime, type Inspection, type Row, type Tensor, type Value } from "./define.ts";

type Ydf = Awaited<ReturnType<typeof import("ydf-inference").default>>;
type YdfModel = Awaited<ReturnType<Ydf["loadModelFromZipBlob"]>>;
type Feature = ReturnType<YdfModel["getInputFeatures"]>[number];
type Column = Signature["inputs"][number];

/** Name of the one output: the value for regression, a score per class for classification. */
const OUTPUT = "predictions";

/** Decision forests of YDF (Yggdrasil) saved as a zip, by the project's own WebAssembly. */
export const ydf = defineRuntime({
  format: "ydf",
  platform: "ydf_zip",
  extension: ".zip",
  async prepare() {
    await openLibrary();
  },
  async inspect(file) {
    const model = await open(file);
    try {
      return describe(model);
    } finally {
      model.unload();
    }
  },
  async load(file, signature) {
    const model = await open(file);
    try {
      return running(model, signature);
    } catch (error) {
      model.unload();
      throw error;
    }
  },
});

let library: Promise<Ydf> | undefined;

const CRASH_EVENTS = ["uncaughtException", "unhandledRejection"] as const;

function crashListeners(event: (typeof CRASH_EVENTS)[number]) {
  // The types know the listeners of one event at a time; both are only compared and removed.
  return process.listeners(event as "uncaughtException");
}

/** Starts the WebAssembly once per thread, and undoes the process-wide crash handlers that it installs. */
async function startLibrary(): Promise<Ydf> {
  const before = CRASH_EVENTS.map((event) => new Set(crashListeners(event)));
  const { default: load } = await import("ydf-inference");
  // What the library tells of each load is no news; what goes wrong comes as an exception.
  const started = await load({ print: () => undefined, printErr: () => undefined });
  for (const [index, event] of CRASH_EVENTS.entries()) {
    for (const listener of crashListeners(event)) {
      if (!before[index]?.has(listener)) process.removeListener(event, listener);
    }
  }
  return started;
}

function openLibrary(): Promise<Ydf> {
  library ??= startLibrary();
  return library;
}

async function open(file: Uint8Array): Promise<YdfModel> {
  const started = await openLibrary();
  try {
    return await started.loadModelFromZipBlob(file);
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause);
    throw fail("BAD_MODEL", {
      message: `the file is not a zipped YDF model: ${said}`,
      field: "file",
      help: "save the model with YDF and zip its files without their folder (zip -rj)",
      cause,
    });
  }
}

function describe(model: YdfModel): Inspection {
  const classes = model.getLabelClasses();
  return {
    inputs: model.getInputFeatures().map((feature) => ({
      name: feature.name,
      datatype: feature.type === "NUMERICAL" ? "FP32" : feature.type === "BOOLEAN" ? "BOOL" : "BYTES",
      shape: [-1, 1],
    })),
    outputs: [{ name: OUTPUT, datatype: "FP32", shape: [-1, Math.max(1, classes.length)] }],
    labels: classes.length > 0 ? classes : null,
  };
}

function running(model: YdfModel, signature: Signature) {
  const { outputs, labels } = describe(model);
  const columns = model.getInputFeatures().map((feature) => columnOf(feature, signature));
  const width = Math.max(1, labels?.length ?? 1);

  async function run(rows: readonly Row[]): Promise<Tensor[]> {
    const examples: Record<string, (string | number | boolean | null)[]> = {};
    for (const { feature, index, convert } of columns) {
      examples[feature.name] = rows.map((row) => convert(row[index] ?? null));
    }
    const answers = predict(model, examples);
    // Two classes come as the second one's score alone.
    const data = Float32Array.from(width === 2 ? answers.flatMap((score) => [1 - score, score]) : answers);
    return [{ name: OUTPUT, datatype: "FP32", rowShape: [width], width, data }];
  }

  return {
    outputs,
    labels,
    takesNull: signature.inputs.map(() => true),
    run,
    release: async () => model.unload(),
  };
}

function predict(model: YdfModel, examples: Parameters<YdfModel["predict"]>[0]): number[] {
  try {
    return model.predict(examples);
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause);
    throw fail("INTERNAL", { message: `the model failed on this request: ${said}`, cause });
  }
}

/** A forest may use fewer columns than the signature has, never one that it lacks. */
function columnOf(feature: Feature, signature: Signature) {
  const index = signature.inputs.findIndex((column) => column.name === feature.name);
  const column = signature.inputs[index];
  if (!column) {
    throw fail("BAD_MODEL", {
      message: `the model reads the column ${feature.name}, which the signature lacks`,
      field: feature.name,
      help: "give the signature of the table that the model was trained on",
    });
  }
  return { feature, index, convert: converter(feature, column) };
}

function converter(feature: Feature, column: Column): (value: Value) => string | number | boolean | null {
  switch (feature.type) {
    case "NUMERICAL":
      if (column.type === "string") throw unfit(feature, column);
      // NaN and null are both missing.
      return (value) => (value === null || Number.isNaN(value) ? null : Number(value));
    case "BOOLEAN":
      if (column.type === "string" || column.type === "double") throw unfit(feature, column);
      return (value) => (value === null ? null : Boolean(value));
    case "CATEGORICAL":
      return (value) => (value === null ? null : String(value));
    case "CATEGORICAL_SET":
      throw unfit(feature, column);
    default:
      return feature.type satisfies never;
  }
}

function unfit(feature: Feature, column: Column) {
  return fail("BAD_MODEL", {
    message: `column ${column.name} is ${column.type}, the model reads it as ${feature.type.toLowerCase()}`,
    field: column.name,
    value: column.type,
    help: "correct the signature, or train the model on the column as it is",
  });
}
