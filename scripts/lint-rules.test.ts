import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { root } from "./set-up.js";

const PLANTED: Record<string, string> = {
  noDefaultExport: "export default 1;\n",
  noExplicitAny: "export const a: any = 1;\n",
  noNonNullAssertion: "export const a = (b?: string) => b!.length;\n",
  useMaxParams: "export const f = (a: 1, b: 1, c: 1, d: 1) => [a, b, c, d];\n",
  useImportType: 'import { Db } from "./db.ts";\nexport const f = (db: Db) => db;\n',
  noReExportAll: 'export * from "./db.ts";\n',
  noFloatingPromises: "async function a() {}\nexport function b() {\n  a();\n}\n",
  useThrowOnlyError: 'export const f = () => {\n  throw "text";\n};\n',
  noFocusedTests: 'it.only("a", () => {});\n',
};

const PIPELINE = "examples/churn/churn.pipeline.ts";

let said: string;

beforeAll(() => {
  const folder = mkdtempSync(join(tmpdir(), "causeway-lint-"));
  const plant = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  const { $schema: _, ...config } = JSON.parse(readFileSync(join(root, "biome.json"), "utf8"));
  plant("biome.json", JSON.stringify({ ...config, vcs: { enabled: false } }));
  for (const [rule, text] of Object.entries(PLANTED)) plant(`server/src/${rule.toLowerCase()}.ts`, text);
  plant(PIPELINE, "export default 1;\n");
  const biome = join(root, "node_modules", "@biomejs", "biome", "bin", "biome");
  const { stdout, stderr } = spawnSync(process.execPath, [biome, "lint", "--max-diagnostics=100", "."], {
    cwd: folder,
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1" },
  });
  said = stdout + stderr;
  rmSync(folder, { recursive: true });
});

it.each(Object.keys(PLANTED))("%s refuses what is planted against it", (rule) => {
  expect(said).toMatch(new RegExp(`server/src/${rule.toLowerCase()}\\.ts:\\d+:\\d+ lint/\\w+/${rule} `));
});

it("takes the default export of a pipeline, which users write", () => {
  expect(said).not.toContain(PIPELINE);
});
