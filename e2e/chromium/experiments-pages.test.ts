import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Browser, Locator } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Running, removeFolder, startCauseway } from "../src/causeway.ts";
import { requires } from "../src/requirement.ts";
import {
  axeFindings,
  type Look,
  longestTask,
  openBrowser,
  openTab,
  sideways,
  type Tab,
  visit,
} from "./browser.ts";
import { type ExperimentsWorld, fillExperiments } from "./experiments-world.ts";

const DESK: Look = { theme: "light", language: "en", width: 1440 };
/** Set to a folder, every page is kept there as a picture. */
const PICTURES = process.env["CAUSEWAY_SCREENSHOTS"];
const MINUTE = 60_000;
/** The longest that the page may be held up while it is zoomed: the processor time of one task, as the browser measures it. */
const LONGEST_TASK_MS = 200;

describe.runIf(requires("chromium"))("the pages of experiments", { timeout: 3 * MINUTE }, () => {
  let product: Running;
  let browser: Browser;
  let world: ExperimentsWorld;
  let pages: Map<string, string>;

  beforeAll(async () => {
    product = await startCauseway();
    browser = await openBrowser();
    world = await fillExperiments(product.client);
    pages = pagesOf(world);
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
  const each = async (look: Look) => {
    const tab = await signedIn(look);
    for (const [name, path] of pages) {
      await visit(tab, `${product.url}${path}`);
      await picture(tab, `${name}-${look.width}-${look.theme}-${look.language}`);
      expect.soft(await axeFindings(tab), name).toEqual([]);
      expect.soft(await sideways(tab), name).toBeLessThanOrEqual(0);
    }
    expect(tab.complaints).toEqual([]);
    await tab.context.close();
  };

  it("X7/accessible axe finds nothing on the pages of experiments", () => each(DESK));

  it("X7/vietnamese they fit a phone in the dark as well", () =>
    each({ theme: "dark", language: "vi", width: 390 }));

  it("E3/boolean finds runs by a filter that is completed, marks what is wrong, and parts it into chips", async () => {
    const tab = await signedIn(DESK);
    const { page } = tab;
    await visit(tab, `${product.url}/dev/experiments/sweep`);
    const box = page.getByRole("combobox", { name: "Search runs" });
    await box.fill("params.dep");
    await page.getByRole("option", { name: "params.depth" }).waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    expect(await box.inputValue()).toBe("params.depth ");
    await page.keyboard.type("= 8 ");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").getByText("a text in quotes is expected").waitFor();
    expect(await page.locator(".search-problem mark").textContent()).toBe("8");
    await picture(tab, "search-problem");

    await box.fill("params.depth = '8' AND (params.rate = '0.1' OR tags.team = 'risk')");
    await page.keyboard.press("Enter");
    await page.waitForURL(/filter=/);
    const found = world.sweep.filter(
      (_, number) => Math.floor(number / 4) % 4 === 3 && (number % 4 === 1 || number % 2 === 1),
    );
    await page.getByText(`${found.length} runs`, { exact: true }).waitFor();
    expect(await page.locator(".run-table tbody tr[data-link]").count()).toBe(found.length);
    expect(await page.locator(".chips code").allTextContents()).toEqual([
      "params.depth = '8'",
      "params.rate = '0.1' OR tags.team = 'risk'",
    ]);
    await page.getByRole("button", { name: /^Take out params.rate/ }).click();
    await page.getByText("24 runs", { exact: true }).waitFor();

    await box.fill("trial 01");
    await page.keyboard.press("Enter");
    await page.getByText("10 runs", { exact: true }).waitFor();
    await tab.context.close();
  });

  it("E3/keyset orders by a header and reads on as it is scrolled", async () => {
    const tab = await signedIn(DESK);
    const { page } = tab;
    await visit(tab, `${product.url}/dev/experiments/sweep`);
    await page.getByRole("button", { name: "valid.auc", exact: true }).click();
    await page.waitForURL(/order=metrics.valid.auc/);
    await page.getByRole("button", { name: /^valid.auc/ }).click();
    await page.waitForURL(/order=-metrics.valid.auc/);
    await expect
      .poll(
        async () => {
          const values = (await page.locator(".run-table tbody td:nth-child(4)").allTextContents()).map(
            Number,
          );
          return (
            values.length > 5 &&
            values.every((value, index) => index === 0 || value <= (values[index - 1] ?? 0))
          );
        },
        { timeout: 10_000 },
      )
      .toBe(true);
    await tab.context.close();
  });

  it("E6/live changes values in place and tells of new runs above the table", async () => {
    const { client } = product;
    const first = await client.experiments.startRun({ experiment: "live", name: "first" });
    await client.experiments.log({ run: first.id, metrics: [{ name: "auc", value: 0.5 }] });
    const tab = await signedIn(DESK);
    const { page } = tab;
    await visit(tab, `${product.url}/dev/experiments/live`);
    const row = page.locator(".run-table tr", { hasText: "first" });
    await row.getByText("0.500").waitFor();
    await client.experiments.log({ run: first.id, metrics: [{ name: "auc", value: 0.625, step: 1 }] });
    await row.getByText("0.625").waitFor({ timeout: 10_000 });
    await client.experiments.startRun({ experiment: "live", name: "second" });
    const newer = page.getByRole("button", { name: "1 new run: show" });
    await newer.waitFor({ timeout: 10_000 });
    expect(await page.locator(".run-table tr", { hasText: "second" }).count()).toBe(0);
    await newer.click();
    await page.locator(".run-table tr", { hasText: "second" }).waitFor();

    await visit(tab, `${product.url}/dev/experiments/live/${first.id}`);
    await client.experiments.log({ run: first.id, metrics: [{ name: "auc", value: 0.75, step: 2 }] });
    await page.locator(".headlines").getByText("0.750").first().waitFor({ timeout: 10_000 });
    expect(tab.complaints).toEqual([]);
    await tab.context.close();
  });

  it("E2/notes and tags are written on the page of a run and of an experiment", async () => {
    const tab = await signedIn(DESK);
    const { page } = tab;
    const run = world.children[0] ?? "";
    await visit(tab, `${product.url}/dev/experiments/nested/${run}`);
    await page.getByRole("button", { name: "Write a note" }).click();
    await page.getByLabel("Note", { exact: true }).fill("# Kept\n\nwith **depth**");
    await page.getByRole("button", { name: "Save the note" }).click();
    await page.getByRole("heading", { name: "Kept" }).waitFor();
    await page.getByRole("button", { name: "Add a tag" }).click();
    await page.getByLabel("Name", { exact: true }).fill("owner");
    await page.getByLabel("Value").fill("lan");
    await page.getByRole("button", { name: "Save the tag" }).click();
    await page.getByRole("button", { name: "Remove owner" }).waitFor();
    const read = await product.client.experiments.getRun({ run });
    expect(read.note).toBe("# Kept\n\nwith **depth**");
    expect(read.tags["owner"]).toBe("lan");

    await visit(tab, `${product.url}/dev/experiments/nested?tab=about`);
    await page.getByRole("button", { name: "Write a note" }).click();
    await page.getByLabel("Note", { exact: true }).fill("What depth is for");
    await page.getByRole("button", { name: "Save the note" }).click();
    await page.getByText("What depth is for").waitFor();
    expect(tab.complaints).toEqual([]);
    await tab.context.close();
  });

  it("E2/tags are set on many runs at once; chosen runs are deleted and brought back", async () => {
    const { client } = product;
    for (const name of ["a", "b", "c"]) await client.experiments.startRun({ experiment: "bulk", name });
    const tab = await signedIn(DESK);
    const { page } = tab;
    await visit(tab, `${product.url}/dev/experiments/bulk`);
    const table = page.getByRole("region", { name: "Runs" });
    await table.focus();
    // Chosen by keyboard: newest first, so c and b.
    for (const key of ["j", "x", "j", "x"]) await page.keyboard.press(key);
    const bar = page.getByRole("region", { name: "Chosen runs" });
    await bar.getByText("2 runs chosen").waitFor();
    await bar.getByRole("button", { name: "Set a tag" }).click();
    await bar.getByLabel("Name").fill("kept");
    await bar.getByLabel("Value").fill("yes");
    await bar.getByRole("button", { name: "Save the tag" }).click();
    await bar.waitFor({ state: "detached" });
    const tagged = async () =>
      (await client.experiments.searchRuns({ experiments: ["bulk"], filter: "tags.kept = 'yes'" })).items
        .length;
    expect(await tagged()).toBe(2);

    await page.getByRole("checkbox", { name: "Choose a", exact: true }).check();
    await bar.getByRole("button", { name: "Delete", exact: true }).click();
    await bar.getByRole("button", { name: "Delete 1 run" }).click();
    await page.getByText("2 runs", { exact: true }).first().waitFor();
    await page.getByRole("button", { name: "Deleted", exact: true }).click();
    await page.getByRole("checkbox", { name: "Choose a", exact: true }).check();
    await bar.getByRole("button", { name: "Restore" }).click();
    await page.getByText("No run fits.").waitFor();
    await page.getByRole("button", { name: "Active", exact: true }).click();
    await page.getByText("3 runs", { exact: true }).first().waitFor();
    expect(tab.complaints).toEqual([]);
    await tab.context.close();
  });

  it("E10/delete removes a deleted run for good after telling what goes", async () => {
    const { client } = product;
    const { id } = await client.experiments.startRun({ experiment: "purge", name: "gone" });
    await client.experiments.log({ run: id, metrics: [{ name: "auc", value: 0.5 }] });
    await client.experiments.deleteRuns({ runs: [id] });
    const tab = await signedIn(DESK);
    const { page } = tab;
    await visit(tab, `${product.url}/dev/experiments/purge?life=deleted`);
    await page.getByRole("checkbox", { name: "Choose gone", exact: true }).check();
    const bar = page.getByRole("region", { name: "Chosen runs" });
    await bar.getByRole("button", { name: "Remove for good" }).click();
    await bar.getByText(/^1 run, 1 value and 0 files go/).waitFor();
    await bar.locator(".note").getByRole("button", { name: "Remove for good" }).click();
    await page.getByText("No run fits.").waitFor();
    await expect(client.experiments.getRun({ run: id })).rejects.toThrow();
    expect(tab.complaints).toEqual([]);
    await tab.context.close();
  });

  it("E2/nested runs are folded under the run that they belong to", async () => {
    const tab = await signedIn(DESK);
    const { page } = tab;
    await visit(tab, `${product.url}/dev/experiments/nested`);
    const rows = page.locator(".run-table tbody tr[data-link]");
    await rows.first().waitFor();
    await expect.poll(() => rows.count()).toBe(1);
    await page.getByRole("button", { name: "3 runs inside search over depth" }).click();
    await expect.poll(() => rows.count()).toBe(4);
    await page.getByRole("link", { name: "depth 4" }).click();
    await page.getByText("part of").waitFor();
    await tab.context.close();
  });

  it("columns are chosen, kept with the view under a name, and come back with it", async () => {
    const tab = await signedIn(DESK);
    const { page } = tab;
    await visit(tab, `${product.url}/dev/experiments/sweep`);
    await page.getByRole("button", { name: "Columns" }).click();
    await page.getByRole("checkbox", { name: "valid.loss" }).uncheck();
    await page.getByLabel("Value of valid.auc").selectOption("course");
    await page.waitForURL(/columns=.*course/);
    await page.keyboard.press("Escape");
    await page.locator(".run-table tbody td svg path").first().waitFor({ state: "attached" });
    await picture(tab, "experiment-course");
    await page.getByRole("button", { name: "Views" }).click();
    await page.getByLabel("Keep this view as").fill("small curves");
    await page.getByRole("button", { name: "Keep the view" }).click();
    await page.getByRole("button", { name: "small curves", exact: true }).waitFor();
    await visit(tab, `${product.url}/dev/experiments/sweep`);
    await page.getByRole("button", { name: "Views" }).click();
    await page.getByRole("button", { name: "small curves", exact: true }).click();
    await page.waitForURL(/columns=.*course/);
    expect(tab.complaints).toEqual([]);
    await tab.context.close();
  });

  it("E2/artifacts are looked at: table, JSON, code, Markdown, picture, signature; a page of HTML is kept in a frame", async () => {
    const tab = await signedIn(DESK);
    const { page } = tab;
    const open = async (path: string, name: string): Promise<Locator> => {
      await visit(tab, `${product.url}/dev/experiments/files/${world.filed}?tab=files&file=${path}`);
      await picture(tab, name);
      return page.getByRole("region", { name: path, exact: true });
    };
    const table = await open("rows.csv", "file-table");
    await table.getByText("a, b").first().waitFor();
    await table.getByText("301 rows").waitFor();
    await (await open("table.json", "file-json-table")).getByRole("cell", { name: "because" }).waitFor();
    await (await open("config.json", "file-json")).getByText("depth:").waitFor();
    await (await open("train.py", "file-code")).locator(".code-word", { hasText: "def" }).waitFor();
    await (await open("notes.md", "file-markdown"))
      .getByRole("heading", { name: "What was tried" })
      .waitFor();
    const signature = await open("model/MLmodel", "file-signature");
    await signature.getByRole("cell", { name: "sepal length (cm)" }).waitFor();
    await (await open("model/model.pkl", "file-binary")).getByText("not shown").waitFor();
    await (await open("empty.txt", "file-empty")).getByText("The file is empty.").waitFor();
    await (await open("long.log", "file-long")).getByText(/The first .* are shown/).waitFor();
    const image = (await open("plots/confusion.png", "file-image")).locator("img");
    await expect.poll(() => image.evaluate((each: HTMLImageElement) => each.naturalWidth)).toBe(1);
    expect(tab.complaints).toEqual([]);

    await open("report.html", "file-html");
    const frame = page.frameLocator("iframe");
    await frame.locator("#told").waitFor();
    // A page of someone else may run its script or not; it never reads the session.
    expect(await frame.locator("#told").textContent()).toMatch(/^(report|kept out)$/);
    await tab.context.close();
  });

  it("E6/table compares runs by what differs, E6/curves, E6/parallel, E6/scatter and files beside it", async () => {
    const tab = await signedIn(DESK);
    const { page } = tab;
    const some = world.sweep.slice(0, 8).map((id) => id.slice(0, 12));
    await visit(tab, `${product.url}/dev/experiments/compare?runs=${some.join(",")}`);
    await page.getByText(/lines differ; equal ones are hidden/).waitFor();
    const table = page.getByRole("region", { name: "Differences" });
    expect(await table.getByRole("cell", { name: "rate", exact: true }).count()).toBe(1);
    expect(await table.getByRole("cell", { name: "seed", exact: true }).count()).toBe(0);
    await page.getByRole("button", { name: "least, greatest" }).click();
    await table.getByRole("cell", { name: "valid.auc, least" }).waitFor();

    await page.getByRole("img", { name: /^8 runs over 4 axes, 8 of them/ }).waitFor();
    const axis = page.locator(".parallel .brush-ground").nth(2);
    await axis.scrollIntoViewIfNeeded();
    const box = await axis.boundingBox();
    if (box === null) throw new Error("the axis is not drawn");
    await page.mouse.move(box.x + box.width / 2, box.y + 10);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 3, { steps: 4 });
    await page.mouse.up();
    await page.getByText(/^\d of 8 runs$/).waitFor();
    await page.getByRole("link", { name: /^trial 000: / }).waitFor();
    await picture(tab, "compare-brushed");
    expect(tab.complaints).toEqual([]);
    await tab.context.close();
  });

  it("E6/curves of 100 runs with 10,000 points are zoomed without a task over 200 ms", async () => {
    const tab = await signedIn(DESK);
    const { page } = tab;
    const all = world.sweep.map((id) => id.slice(0, 12)).join(",");
    await visit(tab, `${product.url}/dev/experiments/compare?runs=${all}&metrics=valid.auc`);
    const chart = page.getByRole("img", { name: "valid.auc of 100 runs" });
    await chart.locator("canvas").waitFor();
    await page.waitForTimeout(1_000);
    const { clockMs, processorMs } = await longestTask(tab, async () => {
      for (const [from, until] of [
        [0.3, 0.7],
        [0.2, 0.6],
        [0.4, 0.9],
      ] as const) {
        const box = await chart.boundingBox();
        if (box === null) throw new Error("the chart is not drawn");
        const y = box.y + box.height / 2;
        await page.mouse.move(box.x + box.width * from, y);
        await page.mouse.down();
        await page.mouse.move(box.x + box.width * until, y, { steps: 5 });
        await page.mouse.up();
        await page.waitForTimeout(1_500);
      }
    });
    console.info(
      `longest task while zooming: ${Math.round(clockMs)} ms, ${Math.round(processorMs)} ms of the processor`,
    );
    await page.waitForURL(/from=\d+&until=\d+/);
    await picture(tab, "compare-zoomed");
    expect(processorMs).toBeGreaterThan(0);
    expect(processorMs).toBeLessThan(LONGEST_TASK_MS);
    await page.getByRole("button", { name: "Show the whole" }).click();
    await expect.poll(() => new URL(page.url()).searchParams.has("from")).toBe(false);
    expect(tab.complaints).toEqual([]);
    await tab.context.close();
  });
});

async function picture({ page }: Tab, name: string): Promise<void> {
  if (PICTURES === undefined) return;
  await mkdir(PICTURES, { recursive: true });
  await page.screenshot({ path: join(PICTURES, `${name}.png`) });
}

/** A page of each kind. */
function pagesOf({ sweep, filed }: ExperimentsWorld): Map<string, string> {
  const runs = (count: number) =>
    sweep
      .slice(0, count)
      .map((id) => id.slice(0, 12))
      .join(",");
  return new Map([
    ["experiments", "/dev/experiments"],
    ["experiment", "/dev/experiments/sweep"],
    ["experiment-filtered", `/dev/experiments/sweep?filter=${encodeURIComponent("params.depth = '8'")}`],
    ["experiment-about", "/dev/experiments/sweep?tab=about"],
    ["experiment-nested", "/dev/experiments/nested"],
    ["run", `/dev/experiments/sweep/${sweep[0]}`],
    ["run-system", `/dev/experiments/files/${filed}`],
    ["run-files", `/dev/experiments/files/${filed}?tab=files&file=train.py`],
    ["compare", `/dev/experiments/compare?runs=${runs(5)}&smooth=0.6`],
    ["compare-100", `/dev/experiments/compare?runs=${runs(100)}`],
  ]);
}
