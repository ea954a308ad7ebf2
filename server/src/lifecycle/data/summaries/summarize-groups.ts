import type { ColumnSummary } from "@causeway/statistics";
import { type Duck, identifier } from "../tables/duck.ts";
import { type CategoryPlan, countCategories } from "./count-categories.ts";
import { countNumbers } from "./count-numbers.ts";
import {
  createNumberCounter,
  type NumberCounter,
  type NumberRange,
  numberSummary,
} from "./number-counter.ts";

/** How a group counts one column: numbers in one or more sets of bins, or categories. */
export type ColumnPlan =
  | {
      readonly kind: "numeric";
      readonly edges: readonly (readonly number[])[];
      /** What the schema knows; null where it does not say. */
      readonly range: NumberRange | null;
    }
  | ({ readonly kind: "categorical" } & CategoryPlan);

/** The columns that a group counts, by name. */
export type GroupPlan = ReadonlyMap<string, ColumnPlan>;

/** A column as one group found it: a summary for each set of bins, and what the schema does not know. */
export type ColumnCount = {
  readonly summaries: readonly ColumnSummary[];
  readonly outside: number;
  readonly examples: readonly string[];
};

/**
 * Summarises the columns of several groups of rows, numbers in one pass over the rows, categories by DuckDB's grouping at
 * the same time. `source` is a relation with a column `"group"`: the place of the row's group, or null. What is held grows
 * with groups and columns, never with rows.
 */
export async function summarizeGroups(
  duck: Duck,
  { source, groups }: { source: string; groups: readonly GroupPlan[] },
): Promise<Map<string, ColumnCount>[]> {
  const found = groups.map(() => new Map<string, ColumnCount>());
  const beside = await duck.fork();
  try {
    // Both end before anything is closed: a connection that is closed under a running query ends the process.
    const ended = await Promise.allSettled([
      summarizeNumbers(duck, source, { groups, found }),
      summarizeCategories(beside, source, { groups, found }),
    ]);
    for (const outcome of ended) if (outcome.status === "rejected") throw outcome.reason;
  } finally {
    beside.close();
  }
  return found;
}

type Finding = { readonly groups: readonly GroupPlan[]; readonly found: readonly Map<string, ColumnCount>[] };

async function summarizeNumbers(duck: Duck, source: string, { groups, found }: Finding): Promise<void> {
  const names = namesOf(groups, "numeric");
  if (names.length === 0) return;
  const counters = groups.map((plan) => names.map((name) => countersOf(plan.get(name))));
  const values = names.map((name) => `${identifier(name)}::double`).join(", ");
  await countNumbers(
    duck,
    `select "group"::bigint, ${values} from ${source} where "group" is not null`,
    counters,
  );
  for (const [group, own] of counters.entries()) {
    for (const [index, name] of names.entries()) {
      const counted = (own[index] ?? []).map(numberSummary);
      const [first] = counted;
      if (first === undefined) continue;
      const range = plannedRange(groups[group]?.get(name));
      found[group]?.set(name, {
        summaries: counted.map(({ summary }) => summary),
        outside: first.outside,
        examples: first.outside === 0 || range === null ? [] : endsOutside(first.summary, range),
      });
    }
  }
}

function countersOf(plan: ColumnPlan | undefined): NumberCounter[] {
  if (plan?.kind !== "numeric") return [];
  // Only the first set of bins looks at the range: the same rows would be counted twice.
  return plan.edges.map((edges, place) => createNumberCounter(edges, place === 0 ? plan.range : null));
}

function plannedRange(plan: ColumnPlan | undefined): NumberRange | null {
  return plan?.kind === "numeric" ? plan.range : null;
}

function endsOutside({ min, max }: { min: number; max: number }, range: NumberRange): string[] {
  return [...(min < range.min ? [String(min)] : []), ...(max > range.max ? [String(max)] : [])];
}

async function summarizeCategories(duck: Duck, source: string, { groups, found }: Finding): Promise<void> {
  for (const column of namesOf(groups, "categorical")) {
    const plans = new Map<number, CategoryPlan>();
    for (const [group, plan] of groups.entries()) {
      const own = plan.get(column);
      if (own?.kind === "categorical") plans.set(group, own);
    }
    for (const [group, { summary, outside, examples }] of await countCategories(duck, {
      source,
      column,
      plans,
    }))
      found[group]?.set(column, { summaries: [summary], outside, examples });
  }
}

function namesOf(groups: readonly GroupPlan[], kind: ColumnPlan["kind"]): string[] {
  const names = groups.flatMap((plan) =>
    [...plan].flatMap(([name, column]) => (column.kind === kind ? [name] : [])),
  );
  return [...new Set(names)];
}
