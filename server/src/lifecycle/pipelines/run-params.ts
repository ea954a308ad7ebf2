import { fail, type Issue, type Json, type PipelineDefinition, Reference } from "@causeway/contract";
import { z } from "zod";

/** The params of a run, checked and completed. */
export type RunParams = {
  readonly params: Readonly<Record<string, Json>>;
  /** Dataset params as references `name@version`. */
  readonly references: Readonly<Record<string, string>>;
  /** Params of each step by its name. */
  readonly steps: ReadonlyMap<string, Readonly<Record<string, Json>>>;
};

/** Checks the params of a run against the pipeline's schema and every step's own; fills in defaults. */
export function resolveParams(
  definition: PipelineDefinition,
  given: Readonly<Record<string, Json>>,
): RunParams {
  const issues: Issue[] = [];
  const known = Object.keys(properties(definition.paramsSchema));
  for (const name of Object.keys(given)) {
    if (known.includes(name)) continue;
    issues.push({
      field: `params.${name}`,
      expected: known.length === 0 ? "no params" : `one of ${known.join(", ")}`,
      got: name,
    });
  }
  const params = check(definition.paramsSchema, { given, at: "params", issues });
  const references: Record<string, string> = {};
  for (const name of definition.datasetParams) {
    const reference = Reference.safeParse(params[name]);
    if (reference.success) references[name] = reference.data;
    else
      issues.push({
        field: `params.${name}`,
        expected: "name@latest or name@version",
        got: shown(params[name]),
      });
  }
  const steps = new Map<string, Readonly<Record<string, Json>>>();
  if (issues.length === 0) {
    for (const step of definition.steps) {
      const values = Object.entries(step.params).flatMap(([name, source]): [string, Json][] => {
        if (source.from === "value") return [[name, source.value]];
        const value = source.from === "param" ? params[source.param] : undefined;
        return value === undefined ? [] : [[name, value]];
      });
      steps.set(
        step.name,
        check(step.paramsSchema, { given: Object.fromEntries(values), at: `steps.${step.name}`, issues }),
      );
    }
  }
  const [first] = issues;
  if (first !== undefined) {
    const more = issues.length === 1 ? "" : ` (and ${issues.length - 1} more)`;
    throw fail("INVALID_FIELD", {
      message: `${first.field} is ${first.got}, expected ${first.expected}${more}`,
      field: first.field,
      value: first.got,
      issues,
      help: `Params of ${definition.name}: ${known.join(", ") || "none"}.`,
    });
  }
  return { params, references, steps };
}

type Checking = {
  readonly given: Readonly<Record<string, Json>>;
  readonly at: string;
  readonly issues: Issue[];
};

function check(
  schema: PipelineDefinition["paramsSchema"],
  { given, at, issues }: Checking,
): Readonly<Record<string, Json>> {
  const parsed = schemaOf(schema).safeParse(given);
  // A JSON Schema of an object, filled from JSON, gives an object of JSON.
  if (parsed.success) return parsed.data as Record<string, Json>;
  for (const issue of parsed.error.issues) {
    const got = issue.path.reduce<unknown>(
      (value, key) => (typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined),
      given,
    );
    issues.push({ field: [at, ...issue.path].join("."), expected: issue.message, got: shown(got) });
  }
  return {};
}

function schemaOf(schema: PipelineDefinition["paramsSchema"]): z.ZodType {
  if (Object.keys(schema).length === 0) return z.object({});
  return z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]); // JSON, written by zod itself
}

function properties(schema: PipelineDefinition["paramsSchema"]): object {
  const value = schema["properties"];
  return typeof value === "object" && value !== null ? value : {};
}

function shown(value: unknown): string {
  return value === undefined ? "absent" : (JSON.stringify(value) ?? String(value)).slice(0, 100);
}
