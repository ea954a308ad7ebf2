import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { createClient } from "@causeway/sdk";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ROOT, type Running, removeFolder, startCauseway, temporaryFolder } from "../src/causeway.ts";

// The customers of the example, older ones to train on and newer ones that no model has seen.
const CUSTOMERS = join(ROOT, "examples", "churn", "customers.csv");
const OLDER = 2_200;

let running: Running;
const received: { path: string; body: { text: string; blocks: { elements?: { url?: string }[] }[] } }[] = [];
const slack = createServer((request, response) => {
  let body = "";
  request.on("data", (chunk) => {
    body += chunk;
  });
  request.on("end", () => {
    received.push({ path: request.url ?? "", body: JSON.parse(body) });
    response.end("ok");
  });
});

beforeAll(async () => {
  await new Promise<void>((resolve) => slack.listen(0, "127.0.0.1", resolve));
  running = await startCauseway({ args: ["--allow-private-channels"] });
  const folder = await temporaryFolder();
  const [head = "", ...lines] = readFileSync(CUSTOMERS, "utf8").trim().split("\n");
  const parts = { customers: lines.slice(0, OLDER), newest: lines.slice(OLDER) };
  for (const [name, rows] of Object.entries(parts)) {
    writeFileSync(join(folder, `${name}.csv`), `${[head, ...rows].join("\n")}\n`);
    await running.client.data.importFile(name, join(folder, `${name}.csv`), { key: "customerID" });
  }
  const file = join(folder, "churn.pipeline.ts");
  copyFileSync(join(ROOT, "examples", "churn", "churn.pipeline.ts"), file);
  for (const params of [[], ["--learner", "random-forest"]]) {
    const run = await running.cli("pipelines", "run", file, ...params);
    expect(run.code, run.stderr).toBe(0);
  }
  await removeFolder(folder);
}, 180_000);

afterAll(async () => {
  slack.close();
  await running.stop();
  await removeFolder(running.dataDir);
});

it("R4/thresholds R4/champion judges from the command line: 0 where it passes, 3 where it is refused, with the reason", {
  timeout: 120_000,
}, async () => {
  const rows = ["--rows", "newest@latest"];
  const alone = await running.cli("registry", "gate", "churn@1", ...rows, "--at-least", "auc:0.7", "--json");
  expect(alone.code, alone.stderr).toBe(0);
  expect(JSON.parse(alone.stdout)).toMatchObject({ passed: true, champion: null, rows: 800 });
  const assigned = await running.cli("registry", "assign", "churn@champion", "1");
  expect(assigned.code, assigned.stderr).toBe(0);
  const refused = await running.cli(
    "registry",
    "gate",
    "churn@2",
    ...rows,
    "--better",
    "auc:0.05",
    "--at-least",
    "auc:0.5@Contract",
  );
  expect(refused.code, refused.stderr).toBe(3);
  expect(refused.stdout).toMatch(/churn version 2 against version 1 on 800 rows of newest@\w{6}: refused/);
  expect(refused.stdout).toContain("not shown to be better by more than 0.05");
  const listed = await running.cli("registry", "gates", "churn@2");
  expect(listed.stdout).toContain("no");
  const wrong = await running.cli("registry", "gate", "churn@2", ...rows, "--better", "rmse");
  expect([wrong.code, wrong.stderr]).toEqual([1, expect.stringContaining("rmse does not judge churn")]);
});

it("M9/slack sends a test to a channel whose address is shown nowhere", async () => {
  const url = `http://127.0.0.1:${(slack.address() as AddressInfo).port}/services/T/B/topsecretpart`;
  const made = await running.cli("channels", "create", "ops", "--kind", "slack", "--address", url);
  expect(made.code, made.stderr).toBe(0);
  const tested = await running.cli("channels", "test", "ops");
  expect(tested.stdout).toBe("ops took the message\n");
  expect(received[0]?.path).toBe("/services/T/B/topsecretpart");
  const outputs = [
    await running.cli("channels", "list"),
    await running.cli("channels", "messages"),
    await running.cli("events", "--json"),
    tested,
    made,
  ];
  for (const { stdout, stderr } of outputs) expect(stdout + stderr).not.toContain("topsecretpart");
  const logs = readFileSync(join(running.dataDir, "logs", "control.log"), "utf8");
  expect(logs).not.toContain("topsecretpart");
});

it("R5/who R5/four-eyes R5/reason moves a guarded alias when a second person approves, from the command line and the API", async () => {
  const { registry, platform } = running.client;
  const rule = await running.cli(
    "registry",
    "rule",
    "churn@champion",
    "--approval",
    "person",
    "--four-eyes",
    "--expires",
    "2 days",
  );
  expect(rule.stdout).toBe(
    "churn@champion moves by a person's approval, not of the one who asked; a request waits 2 days\n",
  );
  const blocked = await running.cli("registry", "assign", "churn@champion", "2");
  expect(blocked.code).toBe(1);
  expect(blocked.stderr).toContain("npx --no causeway registry request churn@champion 2");
  const asked = await running.cli(
    "registry",
    "request",
    "churn@champion",
    "2",
    "--summary",
    "trees are sturdier",
    "--json",
  );
  const { id, url, digest } = JSON.parse(asked.stdout);
  const own = await running.cli("registry", "approve", id);
  expect([own.code, own.stderr]).toEqual([1, expect.stringContaining("the rule wants a second person")]);

  const page = await fetch(url, { redirect: "manual" });
  await page.body?.cancel();
  expect(await registry.getApproval({ approval: id })).toMatchObject({ state: "pending", current: 1 });

  const { secret } = await platform.createToken({
    name: "binh",
    permissions: ["registry:approve", "registry:read"],
  });
  const reader = await platform.createToken({
    name: "chi",
    permissions: ["registry:read", "registry:write"],
  });
  const asReader = createClient({ url: running.url, token: reader.secret });
  await expect(
    asReader.registry.decideApproval({ approval: id, decision: "approve", digest, reason: "" }),
  ).rejects.toMatchObject({ code: "PERMISSION_DENIED" });
  const approved = await running.cli(
    "registry",
    "approve",
    id,
    "--reason",
    "checked by hand",
    "--token",
    secret,
  );
  expect(approved.stdout, approved.stderr).toBe("approved: churn@champion is version 2 now\n");
  const listed = await running.cli("registry", "approvals", "--state", "approved");
  expect(listed.stdout).toMatch(/binh\s+checked by hand/);

  const back = JSON.parse((await running.cli("registry", "request", "churn@champion", "1", "--json")).stdout);
  const asBinh = createClient({ url: running.url, token: secret });
  const rejected = await asBinh.registry.decideApproval({
    approval: back.id,
    decision: "reject",
    digest: back.digest,
    reason: "no reason to go back",
  });
  expect(rejected).toMatchObject({
    state: "rejected",
    current: 2,
    decidedBy: { kind: "token", name: "binh" },
  });
});

it("refuses private addresses without the flag, and says how to allow them", async () => {
  const strict = await startCauseway();
  try {
    const made = await strict.cli(
      "channels",
      "create",
      "ops",
      "--kind",
      "webhook",
      "--address",
      "http://localhost:1/x",
    );
    expect(made.code).toBe(1);
    expect(made.stderr).toContain("--allow-private-channels");
  } finally {
    await strict.stop();
    await removeFolder(strict.dataDir);
  }
  const removed = await running.cli("channels", "delete", "ops");
  expect(removed.code, removed.stderr).toBe(0);
});
