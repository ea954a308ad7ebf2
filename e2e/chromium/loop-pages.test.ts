import { dirname, join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ROOT, type Running, removeFolder, startCauseway } from "../src/causeway.ts";
import { requires } from "../src/requirement.ts";
import { axeFindings, type Look, openBrowser, openTab, sideways, type Tab, visit } from "./browser.ts";

const DESK: Look = { theme: "light", language: "en", width: 1440 };
const MINUTE = 60_000;

describe.runIf(requires("chromium"))("the pages of the loop", { timeout: 5 * MINUTE }, () => {
  let product: Running;
  let browser: Browser;
  let pages: Map<string, string>;
  let approval: string;

  beforeAll(async () => {
    product = await startCauseway();
    browser = await openBrowser();
    await prepare(product);
    approval = await askForApproval(product);
    pages = await pagesOf(product, approval);
  }, 5 * MINUTE);
  afterAll(async () => {
    await browser?.close();
    await product?.stop();
    if (product !== undefined) await removeFolder(dirname(product.dataDir));
  }, MINUTE);

  const signedIn = async (look: Look): Promise<Tab> => {
    const { url } = await product.client.platform.createSignInLink();
    return openTab(browser, look, url);
  };
  const each = async (look: Look, check: (tab: Tab, name: string) => Promise<void>) => {
    const tab = await signedIn(look);
    for (const [name, path] of pages) {
      await visit(tab, `${product.url}${path}`);
      await check(tab, name);
    }
    expect(tab.complaints).toEqual([]);
    await tab.context.close();
  };

  it("X7/accessible axe finds nothing on the pages of deployments, gates, policies and channels", () =>
    each(DESK, async (tab, name) => {
      expect(await axeFindings(tab), name).toEqual([]);
      expect(await sideways(tab), name).toBeLessThanOrEqual(0);
    }));

  it("X7/vietnamese fits a phone in the dark as well, and lets tables scroll by keyboard", () =>
    each({ theme: "dark", language: "vi", width: 390 }, async (tab, name) => {
      expect(await axeFindings(tab), name).toEqual([]);
      expect(await sideways(tab), name).toBeLessThanOrEqual(0);
    }));

  it("M2/corrected takes the truth of one prediction from its page, and a correction of it", async () => {
    const tab = await signedIn(DESK);
    const { page } = tab;
    await visit(tab, `${product.url}${pages.get("prediction")}`);
    for (const [label, button] of [
      ["Yes", "Record the truth"],
      ["No", "Correct the truth"],
    ] as const) {
      await page.getByRole("combobox", { name: "What turned out to be true" }).click();
      await page.getByRole("option", { name: label, exact: true }).click();
      await page.getByRole("button", { name: button }).click();
      await page.locator("p", { hasText: "told by" }).filter({ hasText: label }).waitFor();
    }
    await page.getByText("corrected once").waitFor();
    expect(tab.complaints).toEqual([]);
    await tab.context.close();
  });

  it("R5/ways asks a person on the page, which decides nothing by being opened, and moves the alias on their word", async () => {
    const { client } = product;
    const tab = await signedIn({ ...DESK, width: 390 });
    const { page } = tab;
    await visit(tab, `${product.url}${pages.get("approval")}`);
    await page.getByRole("heading", { name: /^Decide/ }).waitFor();
    expect((await client.registry.getApproval({ approval })).state).toBe("pending");
    expect(await championOf(product)).toBe(1);

    await page.getByLabel("Reason, kept in the audit trail").fill("the slices hold");
    await page.getByRole("button", { name: "Approve for dev" }).click();
    // The text stands in the field until the answer comes, so that the page alone does not tell when.
    await expect
      .poll(() => client.registry.getApproval({ approval }), { timeout: MINUTE })
      .toMatchObject({ state: "approved", reason: "the slices hold" });
    await page.getByText("the slices hold").waitFor();
    expect(await championOf(product)).toBe(2);
    expect(tab.complaints).toEqual([]);
    await tab.context.close();
  });

  it("M7/later evaluates a version from its page, says which field is wrong, and shows the report when it comes", async () => {
    await registerPlain(product);
    const tab = await signedIn(DESK);
    const { page } = tab;
    await visit(tab, `${product.url}/dev/registry/plain/1`);
    await page.getByText("Not evaluated yet").first().waitFor();
    await page.getByRole("button", { name: "Evaluate", exact: true }).click();
    await page.getByRole("combobox", { name: /^Rows to judge on/ }).fill("customers@latest");
    await page.getByRole("combobox", { name: /^Column with the truth/ }).fill("Left");
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Evaluate", exact: true }).click();
    await page.getByRole("alert").getByText("has no column Left to judge by").first().waitFor();
    expect(await page.locator(".mantine-Autocomplete-error").textContent()).toContain("has no column Left");
    expect(await axeFindings(tab)).toEqual([]);
    await page.getByRole("combobox", { name: /^Column with the truth/ }).fill("Churn");
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Evaluate", exact: true }).click();
    await page.getByText("Evaluated on", { exact: true }).waitFor({ timeout: MINUTE });
    await page.getByRole("region", { name: "Evaluation" }).getByText("auc").first().waitFor();
    const { report } = await product.client.registry.getVersion({ model: "plain", version: 1 });
    expect(report).toMatchObject({ target: "Churn", rows: expect.any(Number) });
    // The refusal was asked for.
    expect(tab.complaints.filter((text) => !/\b400\b/.test(text))).toEqual([]);
    await tab.context.close();
    const phone = await signedIn({ theme: "dark", language: "vi", width: 390 });
    await visit(phone, `${product.url}/dev/registry/plain/1`);
    await phone.page.getByText("Đã đánh giá trên", { exact: true }).waitFor();
    expect(await axeFindings(phone)).toEqual([]);
    expect(await sideways(phone)).toBeLessThanOrEqual(0);
    expect(phone.complaints).toEqual([]);
    await phone.context.close();
  });

  it("X7/vietnamese speaks of policies and gates in the reader's language", async () => {
    const tab = await signedIn({ theme: "light", language: "vi", width: 1440 });
    await visit(tab, `${product.url}${pages.get("policy")}`);
    await tab.page
      .getByText(/^Huấn luyện lại churn bằng pipeline churn khi metric của bộ giám sát/)
      .waitFor();
    await visit(tab, `${product.url}${pages.get("approval")}`);
    await tab.page
      .getByText(/so với .*, chênh lệch .*không kém quá 0,3/)
      .first()
      .waitFor();
    await tab.context.close();
  });

  it("T3/timeline makes a policy from the form, starts a cycle by hand and tells its stations", async () => {
    const tab = await signedIn(DESK);
    const { page } = tab;
    await visit(tab, `${product.url}/dev/retraining?new=1&deployment=churn`);
    await page.getByLabel("Name (optional)").fill("by-hand");
    await page.getByRole("combobox", { name: /^Pipeline/ }).fill("churn");
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Make the policy in dev" }).click();
    await page.waitForURL(/\/dev\/retraining\/by-hand$/);
    await page.getByRole("button", { name: "Run now" }).click();
    await page.getByLabel("Reason, kept in the story").fill("to see it");
    await page.getByRole("button", { name: "Start a cycle in dev" }).click();
    await page.waitForURL(/\/dev\/retraining\/by-hand\/1$/);
    await page.locator(".stepper li").first().waitFor();
    expect(await page.locator(".stepper li").count()).toBe(8);
    await page.locator(".stepper li", { hasText: "Noticed" }).getByText("done").waitFor();
    await page.locator(".story li").first().waitFor();
    await tab.context.close();

    const reader = await signedIn({ ...DESK, language: "vi" });
    await visit(reader, `${product.url}/dev/retraining/by-hand/1`);
    await reader.page.locator(".stepper li", { hasText: "Phát hiện" }).getByText("xong").waitFor();
    const said = await reader.page.locator(".stepper li p, .story li > span").allTextContents();
    expect(said.join("\n")).not.toMatch(/\b(Waits|Gathers|learn from|was|is|the)\b/);
    await reader.context.close();
  });
});

async function championOf({ client }: Running): Promise<number | undefined> {
  const { aliases } = await client.registry.getModel({ model: "churn" });
  return aliases.find(({ alias, environment }) => alias === "champion" && environment === "dev")?.version;
}

/** Two versions, the first of which serves, some answers with their truth, and a monitor. */
async function prepare(product: Running): Promise<void> {
  const { client } = product;
  const example = join(ROOT, "examples", "churn");
  await done(
    product.cli("data", "import", "customers", join(example, "customers.csv"), "--key", "customerID"),
  );
  await done(product.cli("pipelines", "run", join(example, "churn.pipeline.ts")));
  await done(product.cli("registry", "assign", "churn@champion", "1"));
  await done(product.cli("deployments", "create", "churn", "--serve", "churn@champion"));
  await done(product.cli("pipelines", "run", "churn", "--seed", "5"));
  const { example: record } = await client.deployments.getDeployment({ deployment: "churn" });
  const rows = 60;
  const { id } = await client.deployments.predict(
    "churn",
    Array.from({ length: rows }, () => ({ ...record })),
  );
  await client.deployments.recordTruth({
    deployment: "churn",
    records: Array.from({ length: rows / 2 }, (_, row) => ({
      predictionId: `${id}.${row}`,
      value: row % 3 === 0 ? "Yes" : "No",
    })),
  });
  await client.monitoring.createMonitor({ name: "churn", deployment: "churn", settings: {} });
}

/** Registers the first version's file once more, as a client would that brings no report. */
async function registerPlain({ client }: Running): Promise<void> {
  const { files, format, signature } = await client.registry.getVersion({ model: "churn", version: 1 });
  const path = files[0]?.path ?? "";
  const { stream } = await client.registry.downloadFile({ model: "churn", version: 1, path });
  const { id: run } = await client.experiments.startRun({ experiment: "plain", name: "by hand" });
  const bytes = await new Response(stream).blob();
  await client.experiments.uploadArtifact({ run, path: "model" }, bytes);
  await client.registry.register({ model: "plain", run, path: "model", format, signature });
}

/** Lets the champion move by a person only, judges the second version and asks for it. */
async function askForApproval({ client, cli }: Running): Promise<string> {
  await client.registry.setAliasRule({ model: "churn", alias: "champion", approval: "person" });
  const { items } = await client.data.listDatasets({});
  const rows = items.find(({ name }) => name.includes("test"))?.name ?? "customers";
  await cli("registry", "gate", "churn@2", "--rows", `${rows}@latest`, "--not-worse", "auc:0.3");
  const gates = await client.registry.listGates({ model: "churn", version: 2 });
  const gate = gates.items[0]?.id;
  const { id } = await client.registry.requestApproval({
    model: "churn",
    alias: "champion",
    version: 2,
    ...(gate === undefined ? {} : { gate }),
  });
  return id;
}

/** A page of each kind; the prediction is one without truth. */
async function pagesOf({ client }: Running, approval: string): Promise<Map<string, string>> {
  const { items } = await client.deployments.listPredictions({ deployment: "churn", truth: "unknown" });
  const [unknown] = items;
  if (unknown === undefined) throw new Error("every prediction has its truth already");
  await client.retraining.createPolicy({
    name: "churn",
    deployment: "churn",
    settings: { retrain: "churn" },
  });
  return new Map([
    ["deployments", "/dev/deployments"],
    ["deployment", "/dev/deployments/churn"],
    ["wrong", "/dev/deployments/churn/predictions?truth=wrong"],
    ["prediction", `/dev/deployments/churn/predictions/${unknown.id}`],
    ["model", "/dev/registry/churn"],
    ["approval", `/dev/registry/churn/2?approval=${approval}`],
    ["retraining", "/dev/retraining"],
    ["new-policy", "/dev/retraining?new=1"],
    ["policy", "/dev/retraining/churn"],
    ["policy-rule", "/dev/retraining/churn?do=edit"],
    ["channels", "/settings/channels"],
  ]);
}

async function done(command: ReturnType<Running["cli"]>): Promise<void> {
  const { code, stderr } = await command;
  if (code !== 0) throw new Error(stderr);
}
