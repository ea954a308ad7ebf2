import { fail } from "@causeway/contract";
import type { Ask } from "../../platform/database/index.ts";
import { type Point, summarize } from "./metric-summary.ts";
import { paramClash } from "./param-clash.ts";
import { type RunKeys, runLogStore, type TextRow } from "./run-log-store.ts";
import { RUN_NAME_TAG } from "./run-tags.ts";

/** What is added to one run. */
export type LogEntry = {
  readonly params: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly metrics: readonly Point[];
};

/**
 * Adds to one run in the caller's transaction, which holds the run locked. A param keeps its first value. With
 * the `name` that the run has, it is not renamed to it.
 */
export async function writeLog(
  ask: Ask,
  run: RunKeys & { readonly name?: string },
  entry: LogEntry,
): Promise<void> {
  const store = runLogStore(ask);
  const params = textRows(run, entry.params);
  if (params.length > 0) {
    const kept = await store.findParams(params);
    for (const { name, value } of kept) {
      const given = entry.params[name] ?? "";
      if (given !== value) throw paramClash({ name, kept: value, given });
    }
    await store.insertParams(params);
  }
  const tags = textRows(run, entry.tags);
  if (tags.length > 0) await store.upsertTags(tags);
  const names = tags.filter(({ name, value }) => name === RUN_NAME_TAG && value !== run.name);
  if (names.length > 0) await store.renameRuns(names);
  if (entry.metrics.length === 0) return;
  const summaries = [...summarize(entry.metrics)];
  const found = await store.ensureSeries(summaries.map(([name]) => ({ run, name })));
  const ids = new Map(found.map((row) => [row.name, row.series]));
  const series = summaries.map(([name, summary]) => ({
    ...summary,
    series: { id: ids.get(name) ?? missingSeries(name) },
  }));
  await store.insertPoints({ runs: [run.key], series }, true);
}

/** Rows of texts in order of their names. */
function textRows(run: RunKeys, texts: Readonly<Record<string, string>>): TextRow[] {
  return Object.entries(texts)
    .map(([name, value]) => ({ run, name, value }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function missingSeries(name: string): never {
  throw fail("INTERNAL", { message: `the metric ${name} has no series though it was just made` });
}
