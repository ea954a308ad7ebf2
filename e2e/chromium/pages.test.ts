import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { ROOT, type Running, removeFolder, startCauseway } from "../src/causeway.ts";
import { requires } from "../src/requirement.ts";
import { axeFindings, type Look, openBrowser, openTab, sideways, type Tab, visit } from "./browser.ts";

const DESK: Look = { theme: "light", language: "en", width: 1440 };
/** Set to a folder, every page is kept there as a picture. */
const PICTURES = process.env["CAUSEWAY_SCREENSHOTS"];
const MINUTE = 60_000;

describe.runIf(requires("chromium"))("the pages", { timeout: 5 * MINUTE }, () => {
  let product: Running;
  let browser: Browser;
  let pages: Map<string, string>;

  beforeAll(async () => {
    product = await startCauseway();
    browser = await openBrowser();
    pages = await fill(product);
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
      await picture(tab, `${name}-${look.width}-${look.theme}-${look.language}`);
    }
    expect(tab.complaints).toEqual([]);
    await tab.context.close();
  };
  /** The key of a message that has no words, outside of code, where such words may well stand. */
  const rawKey = ({ page }: Tab) =>
    page.evaluate(() => {
      const copy = document.body.cloneNode(true);
      if (!(copy instanceof HTMLElement)) return null;
      for (const code of copy.querySelectorAll("code, pre")) code.remove();
      const key =
        /\b(shell|words|home|data|registry|cycleFact|storyFact|approvalFact|storyLink|findingFact|stepWhy|errorCode|errorOf|fieldRule|pipelines|deployments|settings|monitoring|alertKind|alertState|story)\.[a-z][A-Za-z]+\b/;
      return key.exec(copy.textContent ?? "")?.[0] ?? null;
    });

  /**
   * English sentences of a Vietnamese page: three words that only sentences have in one run of text, outside of code, of
   * Markdown, of values of the data, and of what is marked as English, as the server's own words are.
   */
  const englishSentences = ({ page }: Tab) =>
    page.evaluate(() => {
      const copy = document.body.cloneNode(true);
      if (!(copy instanceof HTMLElement)) return [];
      for (const other of copy.querySelectorAll("code, pre, q, svg, script, style, .markdown, [lang=en]"))
        other.remove();
      const word = /\b(the|of|is|was|are|were|with|which|that|its|and|not|has|have|been|from|by)\b/gi;
      return [...copy.querySelectorAll("*")]
        .flatMap((element) => [...element.childNodes])
        .filter((node) => node.nodeType === Node.TEXT_NODE)
        .map((node) => node.textContent?.trim() ?? "")
        .filter((text) => new Set(text.toLowerCase().match(word)).size >= 3);
    });

  it("X7/english every page opens without a complaint of the browser", () =>
    each(DESK, async (tab, name) => {
      expect(await rawKey(tab), name).toBeNull();
      expect(await sideways(tab), name).toBeLessThanOrEqual(0);
    }));

  it("X7/vietnamese every page opens in Vietnamese and says so", () =>
    each({ ...DESK, language: "vi" }, async (tab, name) => {
      expect(await tab.page.getAttribute("html", "lang"), name).toBe("vi");
      expect(await rawKey(tab), name).toBeNull();
      expect(await englishSentences(tab), name).toEqual([]);
      expect(await sideways(tab), name).toBeLessThanOrEqual(0);
    }));

  it("X7/vietnamese says an error by its code, and keeps the server's sentence as a quotation", async () => {
    const tab = await signedIn({ ...DESK, language: "vi" });
    // Without a page there is no heading to wait for.
    await tab.page.goto(`${product.url}/dev/deployments/nothing-here`);
    const alert = tab.page.getByRole("alert").first();
    await alert.getByText("Không có deployment nothing-here").waitFor();
    expect(await alert.locator("q[lang=en]").textContent()).toContain("nothing-here");
    await tab.context.close();
  });

  it("X7/dark every page opens on a dark ground", () =>
    each({ ...DESK, theme: "dark", language: "vi" }, async (tab, name) => {
      const ground = await tab.page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      expect(ground, name).toBe("rgb(15, 19, 22)");
    }));

  it("X7/accessible axe finds nothing on any page, light or dark", async () => {
    for (const theme of ["light", "dark"] as const) {
      await each({ ...DESK, theme }, async (tab, name) => {
        expect(await axeFindings(tab), `${name}, ${theme}`).toEqual([]);
      });
    }
  });

  it("fits a phone without scrolling sideways, in both languages", async () => {
    for (const language of ["en", "vi"] as const) {
      await each({ theme: "light", language, width: 390 }, async (tab, name) => {
        expect(await sideways(tab), `${name}, ${language}`).toBeLessThanOrEqual(0);
      });
    }
  });

  it("shows the first picture of a warm page within a second", async () => {
    const tab = await signedIn(DESK);
    await visit(tab, `${product.url}/dev`);
    const times: number[] = [];
    for (let round = 0; round < 5; round += 1) times.push(await visit(tab, `${product.url}/dev`));
    expect(times.sort((a, b) => a - b)[2]).toBeLessThan(1_000);
    await tab.context.close();
  });

  it("X7/keyboard goes to a stage, moves down its table, opens a row and comes back by search", async () => {
    const tab = await signedIn(DESK);
    const { page } = tab;
    await visit(tab, `${product.url}/dev`);
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Skip to the page");
    await page.keyboard.press("g");
    await page.keyboard.press("d");
    await page.waitForURL(/\/dev\/data$/);
    await page.locator("section[aria-label=Data]").focus();
    await page.keyboard.press("j");
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/dev\/data\/[^/]+$/);
    await page.keyboard.press("Control+k");
    await page.getByPlaceholder("Search or run a command").fill("registry");
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/dev\/registry$/);
    await tab.context.close();
  });

  it("X7/keyboard steps through the windows of a monitor, and an alert's address opens the same view again", async () => {
    const tab = await signedIn(DESK);
    const { page } = tab;
    await visit(tab, `${product.url}/dev/monitoring/churn`);
    const newest = await page.locator(".section-head .tag").first().textContent();
    await page.keyboard.press("[");
    await page.waitForURL(/window=/);
    await expect.poll(() => page.locator(".section-head .tag").first().textContent()).not.toBe(newest);
    const told = await page.locator(".section-head .tag").first().textContent();
    await visit(tab, page.url());
    expect(await page.locator(".section-head .tag").first().textContent()).toBe(told);
    expect(tab.complaints).toEqual([]);
    await tab.context.close();
  });

  it("R3/back leads by the trace bar from a prediction to its version, run and table", async () => {
    const tab = await signedIn(DESK);
    const { page } = tab;
    await visit(tab, `${product.url}${pages.get("prediction")}`);
    const trace = page.getByRole("navigation", { name: "Trace" });
    await trace.getByRole("link", { name: /^Model version/ }).click();
    await page.waitForURL(/\/dev\/registry\/churn\/1$/);
    await trace.getByRole("link", { name: /^Pipeline run/ }).click();
    await page.waitForURL(/\/dev\/pipelines\/churn\/1$/);
    await trace.getByRole("link", { name: /^Data version customers/ }).click();
    await page.waitForURL(/\/dev\/data\/customers\/[0-9a-f]{12}$/);
    expect(tab.complaints).toEqual([]);
    await tab.context.close();
  });

  it("follows a run from its start to its end without being loaded again", async () => {
    const tab = await signedIn(DESK);
    const run = await product.client.pipelines.run("churn", { seed: 3 });
    await visit(tab, `${product.url}/dev/pipelines/churn/${run.number}`);
    await tab.page.locator(".sub .status", { hasText: "Done" }).waitFor({ timeout: MINUTE });
    expect(await tab.page.locator(".table td", { hasText: "ran" }).count()).toBeGreaterThan(0);
    await tab.context.close();
  });

  it("tells a browser without a session how to get a link, and a link works once", async () => {
    const stranger = await openTab(browser, DESK);
    await stranger.page.goto(`${product.url}/dev/data`);
    await stranger.page.getByText("npx --no causeway token link").waitFor();
    await stranger.context.close();

    const { url } = await product.client.platform.createSignInLink();
    const first = await openTab(browser, DESK, url);
    expect(await first.page.getByRole("navigation", { name: "Lifecycle" }).count()).toBe(1);
    await first.context.close();
    const second = await openTab(browser, DESK);
    const answer = await second.page.goto(url);
    expect(answer?.status()).toBeGreaterThanOrEqual(400);
    await second.context.close();
  });
});

async function picture({ page }: Tab, name: string): Promise<void> {
  if (PICTURES === undefined) return;
  await mkdir(PICTURES, { recursive: true });
  await page.screenshot({ path: join(PICTURES, `${name}.png`) });
}

/** Brings every stage to life and names a page of each kind. */
async function fill(product: Running): Promise<Map<string, string>> {
  const example = join(ROOT, "examples", "churn");
  await done(
    product.cli("data", "import", "customers", join(example, "customers.csv"), "--key", "customerID"),
  );
  await done(product.cli("pipelines", "run", join(example, "churn.pipeline.ts")));
  await done(product.cli("registry", "assign", "churn@champion", "1"));
  await done(product.cli("deployments", "create", "churn", "--serve", "churn@champion"));
  const { client } = product;
  const { example: record } = await client.deployments.getDeployment({ deployment: "churn" });
  const ids: string[] = [];
  for (let row = 0; row < 5; row += 1)
    ids.push((await client.deployments.predict("churn", { ...record })).id ?? "");
  await watch(product, { ...record });
  const [data, runs] = await Promise.all([
    client.data.getVersion({ dataset: "customers", version: "latest" }),
    client.experiments.listRuns({ limit: 10 }),
  ]);
  const [run, other] = runs.items;
  if (run === undefined || other === undefined) throw new Error("the pipeline left no two experiment runs");
  return new Map([
    ["home", "/dev"],
    ["data", "/dev/data"],
    ["import", "/dev/data?import=1"],
    ["dataset", "/dev/data/customers"],
    ["data-version", `/dev/data/customers/${data.id}`],
    ["data-rows", `/dev/data/customers/${data.id}?tab=rows`],
    ["data-origin", `/dev/data/customers/${data.id}?tab=origin`],
    ["experiments", "/dev/experiments"],
    ["experiment", `/dev/experiments/${encodeURIComponent(run.experiment.name)}`],
    ["run", `/dev/experiments/${encodeURIComponent(run.experiment.name)}/${run.id}`],
    ["run-origin", `/dev/experiments/${encodeURIComponent(run.experiment.name)}/${run.id}?tab=origin`],
    ["compare", `/dev/experiments/compare?runs=${run.id},${other.id}`],
    ["pipelines", "/dev/pipelines"],
    ["pipeline", "/dev/pipelines/churn?run=1"],
    ["pipeline-run", "/dev/pipelines/churn/1"],
    ["registry", "/dev/registry"],
    ["model", "/dev/registry/churn"],
    ["model-version", "/dev/registry/churn/1"],
    ["signature", "/dev/registry/churn/1?tab=signature"],
    ["card", "/dev/registry/churn/1?tab=card"],
    ["deployments", "/dev/deployments?deploy=1"],
    ["deployment", "/dev/deployments/churn"],
    ["try-it", "/dev/deployments/churn?tab=try"],
    ["keys", "/dev/deployments/churn?tab=keys"],
    ["revisions", "/dev/deployments/churn?tab=revisions"],
    ["predictions", "/dev/deployments/churn/predictions"],
    ["prediction", `/dev/deployments/churn/predictions/${ids[0]}`],
    ["monitoring", "/dev/monitoring?watch=1"],
    ["monitor", "/dev/monitoring/churn"],
    ["monitor-windows", "/dev/monitoring/churn?tab=windows"],
    ["monitor-alerts", "/dev/monitoring/churn?tab=alerts"],
    ["monitor-settings", "/dev/monitoring/churn?tab=settings"],
    ["staging-monitoring", "/staging/monitoring"],
    ["projects", "/settings/projects"],
    ["tokens", "/settings/tokens"],
    ["appearance", "/settings/appearance"],
    ["audit", "/settings/audit"],
    ["about", "/settings/about"],
    ["staging", "/staging"],
    ["staging-deployments", "/staging/deployments"],
  ]);
}

/** Watches the deployment over two windows of predictions with their truth, and the beginning of a third. */
async function watch({ client }: Running, record: Record<string, unknown>): Promise<void> {
  const rows = 30;
  for (let window = 0; window < 3; window += 1) {
    const { id } = await client.deployments.predict(
      "churn",
      Array.from({ length: rows }, () => record),
    );
    await client.deployments.recordTruth({
      deployment: "churn",
      records: Array.from({ length: rows }, (_, row) => ({
        predictionId: `${id}.${row}`,
        value: row % 3 === 0 ? "Yes" : "No",
      })),
    });
  }
  await client.monitoring.createMonitor({
    name: "churn",
    deployment: "churn",
    settings: {
      window: { rows },
      drift: { leastRows: 20 },
      performance: { leastLabelled: 20 },
    },
  });
  await vi.waitFor(
    async () => {
      const { items } = await client.monitoring.listWindows({ monitor: "churn" });
      if (items.length < 2) throw new Error(`${items.length} windows are closed`);
    },
    { timeout: MINUTE, interval: 500 },
  );
}

async function done(command: ReturnType<Running["cli"]>): Promise<void> {
  const { code, stderr } = await command;
  if (code !== 0) throw new Error(stderr);
}
