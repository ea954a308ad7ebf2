import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { discover } from "./discovery.ts";

function runningIn(folder: string): void {
  const dataDir = join(folder, ".causeway");
  mkdirSync(dataDir);
  const up = {
    url: "http://127.0.0.1:7420",
    gatewayUrl: "http://127.0.0.1:7421",
    dataDir,
    pid: 1,
    processes: {},
  };
  writeFileSync(join(dataDir, "up.json"), JSON.stringify(up));
  writeFileSync(join(dataDir, "admin-token"), "secret\n");
}

it("finds the nearest data folder upwards and reads its token", () => {
  const project = mkdtempSync(join(tmpdir(), "causeway-"));
  runningIn(project);
  mkdirSync(join(project, "a", "b"), { recursive: true });
  const found = discover({}, {}, join(project, "a", "b"));
  expect(found).toMatchObject({ url: "http://127.0.0.1:7420", token: "secret" });
});

it("prefers what is given, then the variables", () => {
  const variables = { CAUSEWAY_URL: "http://variables", CAUSEWAY_TOKEN: "v", CAUSEWAY_ENVIRONMENT: "prod" };
  expect(discover({ url: "http://given" }, variables, "/")).toMatchObject({
    url: "http://given",
    token: "v",
    environment: "prod",
  });
});

it("says how to start when nothing runs, and refuses an unknown environment", () => {
  const empty = mkdtempSync(join(tmpdir(), "causeway-"));
  expect(() => discover({ dataDir: empty }, {}, empty)).toThrow(/no Causeway runs on/);
  expect(() => discover({ url: "http://u" }, { CAUSEWAY_ENVIRONMENT: "production" }, empty)).toThrow(
    /must be dev, staging or prod/,
  );
});
