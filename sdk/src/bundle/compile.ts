import { createHash } from "node:crypto";
import {
  fail,
  type Json,
  orderSteps,
  PipelineDefinition,
  type Port,
  type Resources,
  type StepDefinition,
  type StepWork,
} from "@causeway/contract";
import { z } from "zod";
import type { StepCall } from "../pipeline/drawing.ts";
import type { Pipeline } from "../pipeline/pipeline.ts";
import { isPort, type PortSpec } from "../pipeline/port.ts";
import { parseDuration, parseSize } from "../pipeline/size.ts";
import type { Params, Ports, StepSpec } from "../pipeline/step-spec.ts";
import type { FileCollector } from "./place-files.ts";

type Compiling = { readonly moduleDigest: string; readonly files: FileCollector };

/** Turns a pipeline into its definition, checked whole; files that steps name are collected on the way. */
export async function compilePipeline(pipeline: Pipeline, compiling: Compiling): Promise<PipelineDefinition> {
  const calls = pipeline.draw();
  if (calls.length === 0) {
    throw fail("BAD_PIPELINE", {
      message: `The pipeline ${pipeline.name} has no steps`,
      field: "steps",
      help: "Call at least one step inside `steps`.",
    });
  }
  const plain = Object.entries(pipeline.params).filter(
    (entry): entry is [string, z.ZodType] => !isPort(entry[1]),
  );
  const datasets = Object.entries(pipeline.params).filter(
    (entry): entry is [string, PortSpec<"dataset", string>] => isPort(entry[1]),
  );
  const schema = jsonSchema(Object.fromEntries(plain), `params of ${pipeline.name}`);
  const properties = {
    ...asObject(schema["properties"]),
    ...Object.fromEntries(datasets.map(datasetProperty)),
  };
  const parsed = PipelineDefinition.safeParse({
    name: pipeline.name,
    paramsSchema: {
      ...schema,
      properties,
      required: Object.entries(properties).flatMap(([name, property]) =>
        "default" in asObject(property) ? [] : required(schema, name, datasets),
      ),
    },
    datasetParams: datasets.map(([name]) => name),
    steps: await Promise.all(calls.map((call) => compileStep(call, compiling))),
  });
  if (!parsed.success) {
    throw fail("BAD_PIPELINE", {
      message: `The pipeline ${pipeline.name} is not valid: ${z.prettifyError(parsed.error)}`,
      field: parsed.error.issues[0]?.path.join(".") ?? "pipeline",
      cause: parsed.error,
    });
  }
  orderSteps(parsed.data);
  return parsed.data;
}

function datasetProperty([name, { reference }]: [string, PortSpec<"dataset", string>]): [string, Json] {
  return [
    name,
    {
      type: "string",
      description: "A dataset version: name@latest or name@version",
      ...(reference === undefined ? {} : { default: reference }),
    },
  ];
}

function required(schema: Record<string, Json>, name: string, datasets: [string, PortSpec][]): string[] {
  const listed = Array.isArray(schema["required"]) && schema["required"].includes(name);
  return listed || datasets.some(([dataset]) => dataset === name) ? [name] : [];
}

async function compileStep(
  { name, spec, inputs, params }: StepCall,
  compiling: Compiling,
): Promise<StepDefinition> {
  const { work, code, lock } = await compileWork(name, spec, compiling);
  const { options } = spec;
  return {
    name,
    work,
    code,
    lock,
    inputs: Object.fromEntries(
      Object.entries(options.input ?? {}).flatMap(([input, port]) => {
        const source = inputs[input];
        return source === undefined ? [] : [[input, { port: portOf(port), source }]];
      }),
    ),
    params: { ...params },
    paramsSchema: jsonSchema(options.params ?? {}, `params of ${name}`),
    outputs: portsOf(options.output ?? {}),
    resources: resourcesOf(name, spec),
    retries: options.retries ?? 0,
    timeoutMs: options.timeout === undefined ? null : parseDuration(options.timeout, `${name}.timeout`),
    cache: options.cache ?? true,
  };
}

type CompiledWork = { readonly work: StepWork; readonly code: string; readonly lock: string | null };

async function compileWork(
  name: string,
  spec: StepSpec,
  { moduleDigest, files }: Compiling,
): Promise<CompiledWork> {
  const beside = await Promise.all(spec.files.map((place) => files.add(place, `${name}.files`)));
  const besideDigests = beside.map(({ path, digest }) => `${path} ${digest}`).toSorted();
  switch (spec.work.kind) {
    case "function":
      return { work: { kind: "function" }, code: moduleDigest, lock: null };
    case "python": {
      const script = await files.add(spec.work.script, `${name}.script`);
      const lock = spec.work.lock === null ? null : await files.add(spec.work.lock, `${name}.lock`);
      return {
        work: { kind: "python", script: script.path, lock: lock?.path ?? null },
        code: digestOf("python", script.digest, ...besideDigests),
        lock: lock?.digest ?? null,
      };
    }
    case "shell":
      return { work: spec.work, code: digestOf("shell", spec.work.command, ...besideDigests), lock: null };
    case "library":
      return { work: spec.work, code: digestOf("library", spec.work.name), lock: null };
    default:
      return spec.work satisfies never;
  }
}

function resourcesOf(name: string, { options }: StepSpec): Resources {
  const { cpu, memory, disk } = options.resources ?? {};
  return {
    ...(cpu === undefined ? {} : { cpu }),
    ...(memory === undefined ? {} : { memoryBytes: parseSize(memory, `${name}.resources.memory`) }),
    ...(disk === undefined ? {} : { diskBytes: parseSize(disk, `${name}.resources.disk`) }),
  };
}

function portsOf(ports: Ports): Record<string, Port> {
  return Object.fromEntries(Object.entries(ports).map(([name, port]) => [name, portOf(port)]));
}

function portOf({ kind, format }: PortSpec): Port {
  return { kind, ...(format === undefined ? {} : { format }) };
}

/** The params as a JSON Schema of what may be given: what zod cannot say there (a refinement) is checked in the step. */
function jsonSchema(params: Params, where: string): Record<string, Json> {
  try {
    const { $schema, ...schema } = z.toJSONSchema(z.object(params), { io: "input" });
    // zod writes plain JSON.
    return schema as Record<string, Json>;
  } catch (cause) {
    throw fail("BAD_PIPELINE", {
      message: `The ${where} cannot be written as JSON Schema: ${cause instanceof Error ? cause.message : cause}`,
      field: where,
      help: "Params travel as JSON: use strings, numbers, booleans, lists and objects of them.",
      cause,
    });
  }
}

function asObject(value: Json | undefined): Record<string, Json> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value : {};
}

function digestOf(...parts: string[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}
