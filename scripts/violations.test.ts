import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { STAGES } from "../contract/src/lifecycle.ts";
import { layerRules } from "./layer-rules.ts";
import { checkLayers } from "./layers.ts";

const PACKAGES = ["zod", "kysely", "pg", "fastify", "react"];
const WORKSPACES = ["contract", "statistics", "sdk", "server", "gateway", "cli", "web"];

/** A product in small that keeps every rule. */
const CLEAN: Record<string, string> = {
  "contract/src/index.ts": `import "zod"; export const contract = 1;`,
  "statistics/src/index.ts": "export const statistics = 1;",
  "sdk/src/index.ts": `import "@causeway/contract"; import "node:fs"; export const sdk = 1;`,
  "gateway/src/main.ts": `import "@causeway/contract"; import "@causeway/statistics"; import "fastify";`,
  "cli/src/up.ts": `import "@causeway/sdk"; import "@causeway/contract";`,
  "web/src/main.tsx": `import "./app/shell.tsx";`,
  "web/src/app/shell.tsx": `import "../features/data/list.tsx"; import "react";`,
  "web/src/features/data/list.tsx": `import "../../components/table.tsx"; import "@causeway/sdk";`,
  "web/src/features/registry/list.tsx": "export const list = 1;",
  "web/src/components/table.tsx": `import "../lib/format.ts";`,
  "web/src/lib/format.ts": "export const format = 1;",
  "server/src/main.ts": `import "./compose.ts";`,
  "server/src/compose.ts": `import "./protocols/rest/data.ts"; import "./lifecycle/data/index.ts";`,
  "server/src/protocols/rest/data.ts": `import "fastify"; import "../../lifecycle/data/index.ts";`,
  "server/src/platform/database/index.ts": `import "kysely"; import "pg"; export const database = 1;`,
  "server/src/platform/events/index.ts": "export type Event = string; export const emit = 1;",
  "server/src/step.ts": `import "./lifecycle/pipelines/step-process/index.ts";`,
  "server/src/lifecycle/pipelines/step-process/index.ts": "export const run = 1;",
  "server/testing/database.ts": `import "../src/platform/database/index.ts"; export const testDatabase = 1;`,
  "e2e/node/loop.test.ts": `import "@causeway/sdk";`,
  ...Object.fromEntries(
    STAGES.flatMap((stage) => {
      const folder = `server/src/lifecycle/${stage}`;
      return [
        [`${folder}/index.ts`, `import "./${stage}-service.ts";`],
        [
          `${folder}/${stage}-service.ts`,
          `import "./${stage}-store.ts"; import "./rule.ts"; import "../../platform/database/index.ts"; import "node:fs";`,
        ],
        [`${folder}/${stage}-store.ts`, `import "kysely";`],
        [
          `${folder}/rule.ts`,
          `import "@causeway/statistics"; import type { Event } from "../../platform/events/index.ts"; export const rule = 1;`,
        ],
        [
          `${folder}/${stage}.test.ts`,
          `import "./index.ts"; import "kysely"; import "../../../testing/database.ts";`,
        ],
      ];
    }),
  ),
};

/** For each rule, files that break it and nothing else needs to. */
const PLANTED: Record<string, Record<string, string>> = {
  "workspace-contract": { "contract/src/a.ts": `import "@causeway/statistics";` },
  "workspace-statistics": { "statistics/src/a.ts": `import "@causeway/contract";` },
  "workspace-sdk": { "sdk/src/a.ts": `import "@causeway/statistics";` },
  "workspace-server": { "server/src/protocols/a.ts": `import "@causeway/sdk";` },
  "workspace-gateway": { "gateway/src/a.ts": `import "../../server/src/platform/database/index.ts";` },
  "workspace-cli": { "cli/src/a.ts": `import "../../server/src/compose.ts";` },
  "workspace-web": { "web/src/lib/a.ts": `import "../../../cli/src/up.ts";` },
  "packages-contract": { "contract/src/a.ts": `import "kysely";` },
  "packages-statistics": { "statistics/src/a.ts": `import "zod";` },
  "node-contract": { "contract/src/a.ts": `import "node:crypto";` },
  "node-statistics": { "statistics/src/a.ts": `import "node:fs";` },
  "node-web": { "web/src/lib/a.ts": `import "node:path";` },
  "server-platform": { "server/src/platform/jobs/a.ts": `import "../../lifecycle/data/index.ts";` },
  "server-lifecycle": { "server/src/lifecycle/data/a-service.ts": `import "../../protocols/rest/data.ts";` },
  "server-protocols": { "server/src/protocols/a.ts": `import "../compose.ts";` },
  "server-compose": { "server/src/wire.ts": `import "./main.ts";` },
  ...Object.fromEntries(
    STAGES.slice(0, -1).map((stage, index) => [
      `stage-${stage}`,
      { [`server/src/lifecycle/${stage}/a-service.ts`]: `import "../${STAGES[index + 1]}/index.ts";` },
    ]),
  ),
  "stage-front-door": { "server/src/lifecycle/registry/a-service.ts": `import "../data/rule.ts";` },
  "stage-front-door-above": { "server/src/protocols/a.ts": `import "../lifecycle/data/rule.ts";` },
  "query-builder": { "server/src/lifecycle/data/a-service.ts": `import type { Kysely } from "kysely";` },
  "http-library": { "server/src/lifecycle/data/a-service.ts": `import "fastify";` },
  "pure-of-platform": {
    "server/src/lifecycle/data/split.ts": `import { emit } from "../../platform/events/index.ts";`,
  },
  "pure-of-database": {
    "server/src/lifecycle/data/split.ts": `import type { Db } from "../../platform/database/index.ts";`,
  },
  "pure-but-digest": {
    "server/src/lifecycle/data/part-digest.ts": `import "node:crypto"; import "node:fs";`,
  },
  "pure-of-node": { "server/src/lifecycle/data/split.ts": `import { createHash } from "node:crypto";` },
  "web-lib": { "web/src/lib/a.ts": `import "../components/table.tsx";` },
  "web-components": { "web/src/components/a.tsx": `import "../features/data/list.tsx";` },
  "web-features": { "web/src/features/data/a.tsx": `import "../../app/shell.tsx";` },
  "web-feature-alone": { "web/src/features/data/a.tsx": `import "../registry/list.tsx";` },
  "no-cycle": {
    "sdk/src/a.ts": `import type { B } from "./b.ts"; export type A = B;`,
    "sdk/src/b.ts": `import type { A } from "./a.ts"; export type B = A;`,
  },
  "no-test-code": { "server/src/protocols/a.ts": `import "../../testing/database.ts";` },
  resolvable: { "sdk/src/a.ts": `import "./nowhere.ts";` },
  declared: { "sdk/src/a.ts": `import "kysely";` },
};

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "causeway-layers-"));
  for (const name of PACKAGES) {
    plant(folder, {
      [`node_modules/${name}/package.json`]: JSON.stringify({ name, version: "1.0.0", main: "index.js" }),
      [`node_modules/${name}/index.js`]: "module.exports = {};",
    });
  }
  for (const name of WORKSPACES) {
    const declared = {
      server: ["kysely", "pg", "fastify"],
      gateway: ["fastify"],
      web: ["react"],
      contract: ["zod"],
    };
    const packages = Object.entries(declared).find(([workspace]) => workspace === name)?.[1] ?? [];
    const siblings = WORKSPACES.map((sibling) => `@causeway/${sibling}`);
    const dependencies = Object.fromEntries(
      [...packages, ...siblings].map((dependency) => [dependency, "1.0.0"]),
    );
    const manifest = { name: `@causeway/${name}`, version: "1.0.0", exports: "./src/index.ts", dependencies };
    plant(folder, { [`${name}/package.json`]: JSON.stringify(manifest) });
    mkdirSync(join(folder, "node_modules/@causeway"), { recursive: true });
    symlinkSync(join(folder, name), join(folder, "node_modules/@causeway", name));
  }
  plant(folder, CLEAN);
});

afterEach(() => rmSync(folder, { recursive: true }));

function plant(where: string, files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(where, path)), { recursive: true });
    writeFileSync(join(where, path), text);
  }
}

it("reads every module of a tree that keeps the rules, and forbids nothing in it", async () => {
  const { modules, violations } = await checkLayers(folder);
  expect(violations).toEqual([]);
  expect(modules).toBeGreaterThanOrEqual(Object.keys(CLEAN).length);
});

describe("each rule", () => {
  it.each(layerRules().map(({ name = "" }) => name))(
    "%s refuses what is planted against it",
    async (rule) => {
      const files = PLANTED[rule];
      if (!files) throw new Error(`plant a violation of ${rule} in this test`);
      plant(folder, files);
      const { violations } = await checkLayers(folder);
      expect(violations.map((violation) => violation.rule)).toContain(rule);
      for (const { from } of violations) expect(Object.keys(files)).toContain(from);
    },
  );
});
