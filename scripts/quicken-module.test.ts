import { runInThisContext } from "node:vm";
import { expect, it } from "vitest";
import { quickenModule } from "./quicken-module.ts";

it.each([
  ['import { join } from "node:path";', 'const { join } = process.getBuiltinModule("node:path");'],
  [
    'import { join as a, sep } from "path";',
    'const { join: a, sep } = process.getBuiltinModule("node:path");',
  ],
  ['import fs from "node:fs";', 'const fs = process.getBuiltinModule("node:fs");'],
  ['import * as fs from "node:fs/promises";', 'const fs = process.getBuiltinModule("node:fs/promises");'],
  ['import { default as os } from "node:os";', 'const os = process.getBuiltinModule("node:os");'],
  [
    'import fs, { existsSync } from "node:fs";',
    'const fs = process.getBuiltinModule("node:fs"); const { existsSync } = process.getBuiltinModule("node:fs");',
  ],
])("takes Node's own modules without reading all that they export: %s", (line, quick) => {
  expect(quickenModule(line)).toBe(quick);
});

it("leaves packages and other chunks as they are", () => {
  const code =
    'import duckdb from "@duckdb/node-bindings";\nimport { a } from "./a-1.mjs";\nimport b from "rolldown";';
  expect(quickenModule(code)).toBe(code);
});

it("says letters outside ASCII by their numbers, and means the same", () => {
  const code = "[`é–`, '😀', /[Ā-ž]/.test('ő'), /^😀$/u.test('😀')]";
  const quick = quickenModule(code);
  expect(quick).toMatch(/^[\0-\x7f]+$/);
  expect(runInThisContext(quick)).toStrictEqual(["é–", "😀", true, true]);
});
