import { describe, expect, it } from "vitest";
import { checkStructure, type SourceFile, STRUCTURE_RULES } from "./structure-rules.ts";

const file = (path: string, text = ""): SourceFile => ({ path, text });
const DRAWN = file(
  "docs/architecture.md",
  "## Workspaces\n```\nserver/ The brain\n  src/platform/ database\ndocs/ pages\n```\n",
);
const MIGRATION = file(
  "server/src/platform/database/migrations/0001-a.sql",
  "create table data_versions (); create table registry_models ();",
);
const CLEAN: SourceFile[] = [
  file("package.json", '"version": "1.0.0"'),
  file("server/package.json", '"version": "1.0.0"'),
  file("server/src/main.ts", "start(process.env);"),
  file("server/src/lifecycle/registry/index.ts", 'export { createRegistry } from "./registry-service.ts";'),
  file("server/src/lifecycle/registry/registry-store.ts", 'db.selectFrom("registry_models")'),
  file("server/src/lifecycle/registry/promotion.test.ts", 'it("R1/models are kept", () => {});'),
  DRAWN,
  MIGRATION,
];

const PLANTED: Record<string, SourceFile[]> = {
  "kebab-case": [file("server/src/modelCard.ts")],
  "plain-nouns": [
    file("server/src/platform/utils.ts"),
    file("server/src/helpers/date.ts"),
    file("server/src/run-manager.ts"),
    file("server/src/types.ts"),
  ],
  "short-files": [file("server/src/long.ts", "a;\n".repeat(401))],
  "named-exports": [file("server/src/all.ts", 'export * from "./long.ts";')],
  "front-doors": [file("server/src/lifecycle/registry/inner/index.ts")],
  environment: [
    file("server/src/lifecycle/registry/card-service.ts", "const home = process.env.HOME;"),
    file("gateway/src/serve.ts", 'import { env } from "node:process";'),
    file("cli/src/color.ts", 'process.env["NO_COLOR"]'),
    file("sdk/src/all.ts", "const { HOME } = process.env;"),
  ],
  "table-names": [
    file("server/src/platform/database/migrations/0002-b.sql", "CREATE TABLE IF NOT EXISTS models ();"),
  ],
  "own-tables": [file("server/src/lifecycle/registry/card-store.ts", 'db.selectFrom("data_versions")')],
  architecture: [
    file("undrawn/a.md"),
    file("server/src/platform/unnamed/a.sql"),
    file("server/src/lifecycle/serving/a.sql"),
  ],
  "any-machine": [
    file("docs/a.md", `see /${"work"}/main/docs`),
    file("package-lock.json", '{ "packages": {}, "resolved": "https://mirror.example/a.tgz" }'),
  ],
  finished: [file("server/src/late.ts", `// TO${"DO"} later`)],
  "known-claims": [file("server/src/a.test.ts", 'it("R1/unheard-of is kept", () => {});')],
  "reasoned-assertions": [file("server/src/bare.ts", "export const a = b as string;")],
  "whole-lock": [
    file(
      "package-lock.json",
      '{ "packages": { "a": { "optionalDependencies": { "b-linux-x64": "1.0.0" } } } }',
    ),
  ],
  "one-version": [file("gateway/package.json", '"version": "1.0.1"')],
};

it("finds nothing wrong with a tree that follows the rules", () => {
  expect(checkStructure(CLEAN)).toEqual([]);
});

describe.each(STRUCTURE_RULES.map(({ name }) => name))("%s", (rule) => {
  it("refuses each planted violation", () => {
    const planted = PLANTED[rule] ?? [];
    expect(planted.length).toBeGreaterThan(0);
    for (const violation of planted) {
      const rules = checkStructure([...CLEAN, violation]).map((problem) => problem.rule);
      expect(rules, violation.path).toContain(rule);
    }
  });
});

it("lets the shells read their own variables and hand all of them on", () => {
  const shell = [
    file("cli/src/up.ts", "spawn(node, { env: { ...process.env, CAUSEWAY_URL: url } })"),
    file(
      "sdk/src/find.ts",
      "discover(given, process.env); process.env.CAUSEWAY_URL ?? process.env['CAUSEWAY_TOKEN']",
    ),
  ];
  const problems = checkStructure(shell).filter(({ rule }) => rule === "environment");
  expect(problems).toEqual([]);
});

it("takes a folder with its define.ts as a catalog", () => {
  const catalog = [file("gateway/src/runtimes/define.ts"), file("gateway/src/runtimes/index.ts")];
  expect(checkStructure(catalog)).toEqual([]);
});
