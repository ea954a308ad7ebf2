import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { CHROMIUM } from "../src/requirement.ts";

/** How a page is looked at. */
export type Look = { theme: "light" | "dark"; language: "en" | "vi"; width: 1440 | 1280 | 390 };

/** Flags that keep the browser to this machine. */
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Starts the browser. */
export function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
}

/** A tab that keeps what it should not have to say: console errors, exceptions, answers of 400 and above. */
export type Tab = { page: Page; context: BrowserContext; complaints: string[] };

/** Opens a tab of its own with a session that `link` gives; without one it is a stranger's. */
export async function openTab(browser: Browser, look: Look, link?: string): Promise<Tab> {
  const context = await browser.newContext({
    viewport: { width: look.width, height: look.width === 390 ? 844 : 900 },
    reducedMotion: "reduce",
    permissions: ["clipboard-read", "clipboard-write"],
  });
  await context.addInitScript(
    ([theme, preferences]) => {
      localStorage.setItem("causeway.theme", theme);
      localStorage.setItem("causeway.preferences", preferences);
    },
    [look.theme, JSON.stringify({ language: look.language })] as const,
  );
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("response", (response) => {
    if (response.status() >= 400) complaints.push(`${response.status()} ${response.url()}`);
  });
  if (link !== undefined) {
    await page.goto(link);
    await page.waitForSelector("h1");
  }
  return { page, context, complaints };
}

/** Opens a page and waits until nothing of it is on its way any more; answers how long its head took, in ms. */
export async function visit({ page }: Tab, url: string): Promise<number> {
  const start = performance.now();
  await page.goto(url, { waitUntil: "load" });
  await page.waitForSelector("h1");
  const headMs = performance.now() - start;
  await page.waitForFunction(() => document.querySelector('[aria-busy="true"]') === null);
  // Graphs and charts are drawn a frame after their data.
  await page.waitForTimeout(250);
  return headMs;
}

/** How far a page can be scrolled sideways, in px. */
export function sideways({ page }: Tab): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

const AXE = fileURLToPath(import.meta.resolve("axe-core/axe.min.js"));

/** What axe finds wrong on the page that is open, each with the places. */
export async function axeFindings({ page, context }: Tab): Promise<string[]> {
  const session = await context.newCDPSession(page);
  // By the debugger, because the page's own content policy refuses scripts that are not ours.
  await session.send("Runtime.evaluate", { expression: await readFile(AXE, "utf8") });
  const { result } = await session.send("Runtime.evaluate", {
    expression: `axe.run().then(({ violations }) => violations.map(({ id, nodes }) =>
      id + ": " + nodes.map(({ target, any, all, none }) => target.join(" ") + " " + [...any, ...all, ...none].map(({ message }) => message).join("; ")).join(" | ")))`,
    awaitPromise: true,
    returnByValue: true,
  });
  await session.detach();
  return Array.isArray(result.value) ? result.value.map(String) : [String(result.description)];
}

/** A trace of the browser, as far as it is read here: durations are µs, `tdur` those of the processor. */
type TraceEvent = {
  name: string;
  ph: string;
  pid: number;
  tid: number;
  dur?: number;
  tdur?: number;
  args?: { name?: string };
};

/**
 * The longest that a page's main thread was busy with one task, in ms: by the clock, and by the processor's time, which neighbours on
 * the same cores do not lengthen.
 */
export async function longestTask(
  { page }: Tab,
  during: () => Promise<void>,
): Promise<{ clockMs: number; processorMs: number }> {
  const browser = page.context().browser();
  if (browser === null) throw new Error("the tab is of no browser that can be traced");
  await browser.startTracing(page, { categories: ["toplevel", "disabled-by-default-devtools.timeline"] });
  await during();
  // The format is the browser's own: {"traceEvents": [...]}.
  const { traceEvents }: { traceEvents: TraceEvent[] } = JSON.parse(String(await browser.stopTracing()));
  const mains = new Set(
    traceEvents
      .filter(({ name, args }) => name === "thread_name" && args?.name === "CrRendererMain")
      .map(({ pid, tid }) => `${pid}/${tid}`),
  );
  const tasks = traceEvents.filter(
    ({ name, ph, pid, tid }) => name.endsWith("RunTask") && ph === "X" && mains.has(`${pid}/${tid}`),
  );
  const longest = (of: "dur" | "tdur") => Math.max(0, ...tasks.map((task) => task[of] ?? 0)) / 1000;
  return { clockMs: longest("dur"), processorMs: longest("tdur") };
}
