import { z } from "zod";
import * as contract from "../contract/src/index.ts";
import { ENDPOINTS, type Endpoint, Problem, pathParameters, Scope } from "../contract/src/index.ts";

export type JsonSchema = { [key: string]: unknown };

type Direction = "input" | "output";

const BYTES: JsonSchema = { type: "string", format: "binary" };
const JSON_TYPE = "application/json";

/** The contract's exported schemas under their names, so that the document names them too. */
function namedSchemas() {
  const registry = z.registry<{ id: string }>();
  for (const [name, value] of Object.entries(contract)) {
    if (value instanceof z.ZodType && !registry.has(value)) registry.add(value, { id: name });
  }
  return registry;
}

/**
 * Turns schemas into JSON Schema that points to the named ones. A named schema whose defaults make what is sent differ from
 * what comes back stands twice: as `Name`, and as `Name.input`.
 */
function createSchemaWriter() {
  const metadata = namedSchemas();
  const sent = componentsOf(metadata, "input");
  const answered = componentsOf(metadata, "output");
  const differing = differingNames(sent, answered);
  const uri = (name: string, io: Direction) =>
    `#/components/schemas/${io === "input" && differing.has(name) ? `${name}.input` : name}`;

  const pointed = (schema: JsonSchema, io: Direction) =>
    mapReferences(schema, (target) => uri(target.split("/").at(-1) ?? target, io)) as JsonSchema; // an object stays one

  function write(schema: z.ZodType, io: Direction): JsonSchema {
    const { $schema: _, $defs: __, ...rest } = z.toJSONSchema(schema, { io, metadata });
    const { id, ...plain } = rest;
    return typeof id === "string" ? { $ref: uri(id, io) } : pointed(plain, io);
  }

  const components = [
    ...[...answered].map(([name, schema]) => [name, pointed(schema, "output")] as const),
    ...[...differing].map((name) => [`${name}.input`, pointed(sent.get(name) ?? {}, "input")] as const),
  ];
  return { write, components: Object.fromEntries(components.sort(([a], [b]) => (a < b ? -1 : 1))) };
}

function componentsOf(metadata: ReturnType<typeof namedSchemas>, io: Direction): Map<string, JsonSchema> {
  const { schemas } = z.toJSONSchema(metadata, { io, uri: (id) => `#/${id}` });
  return new Map(
    Object.entries(schemas).map(([name, { $schema: _, $id: __, id: ___, ...schema }]) => {
      if (name === "__shared")
        throw new Error("a schema refers to itself and has no name: export it from the contract");
      return [name, schema];
    }),
  );
}

/** Names whose two shapes differ, by themselves or by what they point to. */
function differingNames(
  sent: ReadonlyMap<string, JsonSchema>,
  answered: ReadonlyMap<string, JsonSchema>,
): Set<string> {
  // An answer is closed and what is sent may carry more: that alone is no other shape.
  const shape = (schema: unknown) => JSON.stringify(schema).replaceAll(',"additionalProperties":false', "");
  const differing = new Set(
    [...answered.keys()].filter((name) => shape(sent.get(name)) !== shape(answered.get(name))),
  );
  for (let size = -1; size !== differing.size; ) {
    size = differing.size;
    for (const [name, schema] of answered) {
      mapReferences(schema, (target) => {
        if (differing.has(target.slice("#/".length))) differing.add(name);
        return target;
      });
    }
  }
  return differing;
}

/** Rewrites every `$ref` by `rewrite`, at any depth. */
function mapReferences(value: unknown, rewrite: (target: string) => string): unknown {
  if (Array.isArray(value)) return value.map((item) => mapReferences(item, rewrite));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      key === "$ref" && typeof item === "string" ? rewrite(item) : mapReferences(item, rewrite),
    ]),
  );
}

/** Leaves out the input shapes that nothing takes. */
function used(components: Record<string, JsonSchema>, paths: string): Record<string, JsonSchema> {
  const text = paths + JSON.stringify(components);
  const kept = Object.entries(components).filter(
    ([name]) => !name.endsWith(".input") || text.includes(`"#/components/schemas/${name}"`),
  );
  return kept.length === Object.keys(components).length ? components : used(Object.fromEntries(kept), paths);
}

type Write = ReturnType<typeof createSchemaWriter>["write"];

function parametersOf(endpoint: Endpoint, write: Write): JsonSchema[] {
  const inPath = pathParameters(endpoint.path);
  const fields = Object.entries(endpoint.input.shape);
  const inQuery = fields.filter(([name]) => !inPath.includes(name) && travelsInQuery(endpoint));
  const scope = Object.entries(Scope.shape).filter(([name]) => !fields.some(([field]) => field === name));
  return [
    ...inPath.map((name) => parameter({ name, place: "path", schema: fieldOf(endpoint, name), write })),
    ...inQuery.map(([name, schema]) => parameter({ name, place: "query", schema, write })),
    ...scope.map(([name, schema]) => parameter({ name, place: "query", schema: schema.optional(), write })),
    ...(endpoint.method === "POST" && endpoint.body === "json"
      ? [{ name: "Idempotency-Key", in: "header", required: false, schema: { type: "string" } }]
      : []),
  ];
}

function fieldOf(endpoint: Endpoint, name: string): z.ZodType {
  const field = endpoint.input.shape[name];
  if (!field)
    throw new Error(`${endpoint.method} ${endpoint.path}: its input lacks the path parameter ${name}`);
  // A ZodObject's shape holds Zod types; its declared type is that of the smaller core.
  return field as z.ZodType;
}

function parameter({
  name,
  place,
  schema,
  write,
}: {
  name: string;
  place: string;
  schema: z.core.$ZodType;
  write: Write;
}): JsonSchema {
  const type = schema as z.ZodType; // as in fieldOf
  const required = place === "path" || !type.safeParse(undefined).success;
  return { name, in: place, required, schema: write(type, "input") };
}

const travelsInQuery = ({ method, body }: Endpoint) => method === "GET" || body === "bytes";

function bodyOf(endpoint: Endpoint, write: Write): JsonSchema | undefined {
  if (endpoint.body === "bytes")
    return { required: true, content: { "application/octet-stream": { schema: BYTES } } };
  if (travelsInQuery(endpoint)) return undefined;
  const inPath = Object.fromEntries(pathParameters(endpoint.path).map((name) => [name, true as const]));
  const rest = endpoint.input.omit(inPath as Record<string, never>); // zod wants the literal names;
  if (Object.keys(rest.shape).length === 0) return undefined;
  const required = !rest.safeParse({}).success;
  return { required, content: { [JSON_TYPE]: { schema: write(rest, "input") } } };
}

function answerOf({ answer, output }: Endpoint, write: Write): JsonSchema {
  switch (answer) {
    case "json":
      return { description: "Done", content: { [JSON_TYPE]: { schema: write(output, "output") } } };
    case "events":
      return {
        description: "Server-sent events; the data of each is one JSON value of this schema",
        content: { "text/event-stream": { schema: write(output, "output") } },
      };
    case "bytes":
      return { description: "Octets", content: { "application/octet-stream": { schema: BYTES } } };
    default:
      throw new Error(`an answer of unknown kind: ${answer satisfies never}`);
  }
}

/** The whole REST interface of control as an OpenAPI 3.1 document, in the order of the tables. */
export function openApi(version: string): JsonSchema {
  const { write, components } = createSchemaWriter();
  const problem = write(Problem, "output");
  const paths = new Map<string, JsonSchema>();
  for (const [stage, table] of Object.entries(ENDPOINTS)) {
    for (const [name, endpoint] of Object.entries<Endpoint>(table)) {
      const path = endpoint.path.replaceAll(/:([A-Za-z]+)/g, "{$1}");
      const answer = answerOf(endpoint, write);
      const body = bodyOf(endpoint, write);
      const operation = {
        operationId: `${stage}.${name}`,
        tags: [stage],
        summary: endpoint.summary,
        "x-permission": endpoint.permission,
        parameters: parametersOf(endpoint, write),
        ...(body ? { requestBody: body } : {}),
        responses: {
          "200": answer,
          default: {
            description: "Refused or failed",
            content: { "application/problem+json": { schema: problem } },
          },
        },
      };
      paths.set(path, { ...paths.get(path), [endpoint.method.toLowerCase()]: operation });
    }
  }
  return {
    openapi: "3.1.0",
    info: { title: "Causeway", version, license: { name: "Apache-2.0", identifier: "Apache-2.0" } },
    security: [{ token: [] }],
    paths: Object.fromEntries(paths),
    components: {
      securitySchemes: { token: { type: "http", scheme: "bearer" } },
      schemas: used(components, JSON.stringify([...paths.values()])),
    },
  };
}
