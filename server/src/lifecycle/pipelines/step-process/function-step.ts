import { registerHooks } from "node:module";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Json, Port } from "@causeway/contract";
import type { StepInput } from "../step-input.ts";
import { files } from "./files.ts";
import type { StepOrder } from "./step-order.ts";

/** Parquet files that a helper made. */
export type TableFiles = { readonly paths: readonly string[] };

/** The helpers of `data` in a step, as the SDK types them; here only what is done with them counts. */
export type TableTools = {
  readonly query: (sql: string, tables: Readonly<Record<string, TableFiles>>) => Promise<TableFiles>;
};

/** Loads the helpers on their first use: they bring an analytical database with them. */
export type LoadTableTools = (context: { readonly folder: string }) => Promise<TableTools>;

type FunctionContext = {
  readonly log: unknown;
  readonly logParams: unknown;
  readonly summarize: (text: string) => void;
  readonly signal: AbortSignal;
  readonly folder: string;
  readonly outputs: Readonly<Record<string, string>>;
};

/** What a pipeline value offers to the process of one of its steps. */
type StepCall = {
  readonly name: string;
  readonly spec: {
    readonly run: ((args: object, context: object) => unknown) | undefined;
    readonly options: { readonly params?: Readonly<Record<string, ParamSchema>> };
  };
};

type ParamSchema = { readonly parse: (value: unknown) => unknown };

type Running = {
  readonly root: string;
  readonly loadTableTools: LoadTableTools;
  readonly context: FunctionContext;
};

/** Imports the bundle, calls the step's function and writes what it returns to its outputs. */
export async function runFunctionStep(
  order: StepOrder,
  { root, loadTableTools, context }: Running,
): Promise<void> {
  resolveFromHere(root);
  const module: unknown = await import(pathToFileURL(join(order.bundle, "pipeline.mjs")).href);
  const call = findCall(module, order);
  const tools = lazyTools(() => loadTableTools({ folder: order.folder }));
  const returned: unknown = await call.run(
    { ...inputValues(order.inputs), ...parseParams(order.params, call.params) },
    { ...context, data: tools },
  );
  for (const [name, port] of Object.entries(order.ports)) {
    const path = order.outputs[name] ?? "";
    const value = typeof returned === "object" && returned !== null ? Reflect.get(returned, name) : undefined;
    // A step may also write to the path that it was given.
    if (value !== undefined) await writeOutput({ name, port, path, value, tools, folder: order.folder });
  }
}

/** Loads what every bundle imports, for a process that waits for its step. */
export async function loadSdk(root: string): Promise<void> {
  resolveFromHere(root);
  await import(pathToFileURL(join(root, "sdk/src/step-process/index.ts")).href);
}

let resolves = false;

/** The SDK's modules live beside this program, whatever stands beside the bundle. */
function resolveFromHere(root: string): void {
  if (resolves) return;
  resolves = true;
  const sdk = pathToFileURL(join(root, "sdk/src/")).href;
  const modules: Readonly<Record<string, string>> = {
    "causeway-ml": new URL("step-process/index.ts", sdk).href,
    "causeway-ml/steps": new URL("steps/index.ts", sdk).href,
  };
  const lazyZod = new URL("step-process/lazy-zod.ts", sdk).href;
  registerHooks({
    resolve(specifier, parent, next) {
      const url = modules[specifier];
      if (url !== undefined) return { url, shortCircuit: true };
      if (specifier === "zod" && parent.parentURL?.startsWith(sdk) && parent.parentURL !== lazyZod) {
        return { url: lazyZod, shortCircuit: true };
      }
      return next(specifier, parent);
    },
  });
}

type FoundCall = {
  readonly run: (args: object, context: object) => unknown;
  readonly params: Readonly<Record<string, ParamSchema>>;
};

function findCall(module: unknown, order: StepOrder): FoundCall {
  const pipeline = typeof module === "object" && module !== null ? Reflect.get(module, "default") : undefined;
  const draw: unknown =
    typeof pipeline === "object" && pipeline !== null ? Reflect.get(pipeline, "draw") : undefined;
  if (typeof draw !== "function") throw new Error("the bundle does not export a pipeline");
  const calls = Reflect.apply(draw, pipeline, []) as StepCall[]; // a pipeline of the SDK, checked when it was deployed
  const spec = calls.find(({ name }) => name === order.step)?.spec;
  if (spec?.run === undefined) throw new Error(`the bundle has no function for the step ${order.step}`);
  return { run: spec.run, params: spec.options.params ?? {} };
}

/** Params were checked against their JSON Schema; what that cannot say, the schema itself does here. */
function parseParams(
  params: Readonly<Record<string, Json>>,
  schemas: Readonly<Record<string, ParamSchema>>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => {
      const value = params[name];
      return [name, "isPlain" in schema && schema.isPlain === true ? value : schema.parse(value)];
    }),
  );
}

function inputValues(inputs: Readonly<Record<string, StepInput>>): Record<string, object> {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, { dataset, ...input }]) => [
      name,
      { ...input, ...dataset, path: input.paths[0] },
    ]),
  );
}

/** Stands for the helpers; the first call of any loads them. */
function lazyTools(load: () => Promise<TableTools>): TableTools {
  let loading: Promise<TableTools> | undefined;
  const none: TableTools = { query: () => Promise.reject(new Error("the helpers are not loaded")) };
  return new Proxy(none, {
    get: (_, name) => {
      // A promise would be asked for its `then`.
      if (typeof name === "symbol" || name === "then") return undefined;
      return async (...args: unknown[]) => {
        loading ??= load();
        const tools = await loading;
        const tool: unknown = Reflect.get(tools, name);
        if (typeof tool !== "function") throw new TypeError(`data has no function ${name}`);
        return Reflect.apply(tool, tools, args);
      };
    },
  });
}

type Output = {
  readonly name: string;
  readonly port: Port;
  readonly path: string;
  readonly value: unknown;
  readonly tools: TableTools;
  readonly folder: string;
};

async function writeOutput(output: Output): Promise<void> {
  const { name, port, path, value } = output;
  if (port.kind === "report") return files.writeFileSync(path, JSON.stringify(value));
  if (port.kind === "dataset") return writeDataset(output);
  if (port.kind === "table" && Array.isArray(value)) {
    return files.writeFileSync(path, value.map((row) => `${JSON.stringify(row)}\n`).join(""));
  }
  if (value instanceof Uint8Array) return files.writeFileSync(path, value);
  const [source, second] = port.kind === "table" && isFiles(value) ? value.paths : [value];
  if (typeof source !== "string" || second !== undefined) {
    const asked = port.kind === "table" ? "one file" : "one file or folder";
    throw new TypeError(`the output ${name} is a ${port.kind}: return the path of ${asked}, or its bytes`);
  }
  if (source !== path) place(source, path);
}

async function writeDataset({ name, path, value, tools, folder }: Output): Promise<void> {
  let table = value;
  if (Array.isArray(value)) {
    const source = join(folder, `rows-of-${name}.jsonl`);
    files.writeFileSync(source, value.map((row) => `${JSON.stringify(row)}\n`).join(""));
    table = await tools.query(`select * from read_json_auto('${source.replaceAll("'", "''")}')`, {});
  }
  if (!isFiles(table))
    throw new TypeError(`the output ${name} is a dataset: return rows, or what a helper of data gave`);
  files.mkdirSync(path, { recursive: true });
  for (const [index, source] of table.paths.entries()) {
    const target = join(path, `part-${String(index).padStart(6, "0")}.parquet`);
    if (source !== target && basename(source) !== "") place(source, target);
  }
}

function isFiles(value: unknown): value is TableFiles {
  return typeof value === "object" && value !== null && "paths" in value && Array.isArray(value.paths);
}

/** Moves a file to its output; an input that is passed on stays where it is. */
function place(source: string, target: string): void {
  try {
    if (source.includes("/inputs/")) files.linkSync(source, target);
    else files.renameSync(source, target);
  } catch {
    // Another file system takes a copy, and so does a folder that is passed on; what is wrong with the source, the copy will say.
    files.cpSync(source, target, { recursive: true });
  }
}
