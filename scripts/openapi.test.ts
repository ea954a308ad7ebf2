import { describe, expect, it } from "vitest";
import { ENDPOINTS, type Endpoint, pathParameters } from "../contract/src/index.ts";
import { type JsonSchema, openApi } from "./openapi.ts";

interface Operation {
  operationId: string;
  "x-permission": string;
  parameters: { name: string; in: string; required: boolean }[];
  requestBody?: { content: Record<string, JsonSchema> };
  responses: Record<string, { content: Record<string, JsonSchema> }>;
}

// The document is built by openApi, its shape is known from there.
const document = openApi("1.0.0") as unknown as {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, JsonSchema> };
};
const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods));
const endpoints = Object.values(ENDPOINTS).flatMap((table) => Object.values<Endpoint>(table));

const operationOf = (endpoint: Endpoint) => {
  const path = endpoint.path.replaceAll(/:([A-Za-z]+)/g, "{$1}");
  const operation = document.paths[path]?.[endpoint.method.toLowerCase()];
  if (!operation) throw new Error(`no operation for ${endpoint.method} ${endpoint.path}`);
  return operation;
};

it("holds one operation for each route, so that no two routes share method and path", () => {
  expect(operations).toHaveLength(endpoints.length);
  expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(endpoints.length);
});

it("is the same each time", () => {
  expect(JSON.stringify(openApi("1.0.0"))).toBe(JSON.stringify(document));
});

it("points only to components that stand in it", () => {
  const targets = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(
    ([, target = ""]) => target,
  );
  const known = Object.keys(document.components.schemas).map((name) => `#/components/schemas/${name}`);
  expect(targets.length).toBeGreaterThan(0);
  for (const target of targets) expect(known).toContain(target);
});

describe("every operation", () => {
  it.each(endpoints.map((endpoint) => [`${endpoint.method} ${endpoint.path}`, endpoint] as const))(
    "%s carries its parameters, permission, answer and problem",
    (_, endpoint) => {
      const operation = operationOf(endpoint);
      const inPath = operation.parameters.filter((parameter) => parameter.in === "path");
      expect(inPath.map(({ name }) => name)).toEqual(pathParameters(endpoint.path));
      expect(operation["x-permission"]).toBe(endpoint.permission);
      const type = {
        json: "application/json",
        events: "text/event-stream",
        bytes: "application/octet-stream",
      };
      expect(operation.responses["200"]?.content).toHaveProperty([type[endpoint.answer]]);
      expect(operation.responses["default"]?.content).toHaveProperty(["application/problem+json"]);
      if (endpoint.method === "GET") expect(operation).not.toHaveProperty("requestBody");
      if (endpoint.body === "bytes") {
        expect(operation.requestBody?.content).toHaveProperty(["application/octet-stream"]);
      }
    },
  );
});

it("lets the scope be given with every request, and repeats no field", () => {
  for (const { operationId, parameters } of operations) {
    const names = parameters.map(({ name }) => name);
    expect(new Set(names).size, operationId).toBe(names.length);
  }
  const about = operationOf(ENDPOINTS.platform.about);
  expect(about.parameters.map(({ name, required }) => [name, required])).toEqual([
    ["project", false],
    ["environment", false],
  ]);
});
