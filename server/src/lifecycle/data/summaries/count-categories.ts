import type { CategoricalSummary } from "@causeway/statistics";
import { type Duck, identifier, literal } from "../tables/duck.ts";

/** Most frequent values that are kept by name. */
const MOST_VALUES = 200;

/** Examples of values that the schema does not know. */
const MOST_EXAMPLES = 5;

/** How a group counts a column of categories. */
export type CategoryPlan = {
  /** Values that are counted by name however rare: those of the reference. Null: the most frequent ones. */
  readonly named: readonly string[] | null;
  /** True where every value of the reference is named: then new ones are named too. */
  readonly open: boolean;
  /** The values that the schema knows; null where it does not say. */
  readonly known: readonly string[] | null;
};

/** A column of categories of one group, with how many rows held values that the schema does not know. */
export type CategoryCount = {
  readonly summary: CategoricalSummary;
  readonly outside: number;
  readonly examples: readonly string[];
};

/** Counts one column of categories by group: DuckDB groups, which may spill to disk; only what is named comes back. */
export async function countCategories(
  duck: Duck,
  { source, column, plans }: { source: string; column: string; plans: ReadonlyMap<number, CategoryPlan> },
): Promise<Map<number, CategoryCount>> {
  const asked = [
    ...new Set([...plans.values()].flatMap(({ named, known }) => [...(named ?? []), ...(known ?? [])])),
  ];
  const isAsked = asked.length === 0 ? "false" : `value in (${asked.map(literal).join(", ")})`;
  const rows = await duck.rows(`with counted as (
      select "group", ${identifier(column)}::varchar as value, count(*) as n
      from ${source} where "group" is not null group by all
    ), ranked as (
      select *, row_number() over (partition by "group" order by value is null, n desc, value) as place,
        sum(n) filter (value is not null) over (partition by "group") as present,
        count(value) over (partition by "group") as different
      from counted
    )
    select "group"::double, value, n::double, coalesce(present, 0)::double, different::double
    from ranked where place <= ${MOST_VALUES} or value is null or ${isAsked} order by 1, 3 desc, 2`);
  const found = new Map<number, CategoryCount>();
  for (const [group, plan] of plans) {
    const own = rows.filter(([of]) => Number(of) === group);
    found.set(group, ofGroup(own, plan));
  }
  return found;
}

function ofGroup(lines: readonly (readonly unknown[])[], plan: CategoryPlan): CategoryCount {
  const present = Number(lines[0]?.[3] ?? 0);
  const distinct = Number(lines[0]?.[4] ?? 0);
  const missing = lines.reduce((sum, [, value, n]) => (value === null ? sum + Number(n) : sum), 0);
  const values = lines.flatMap(([, value, n]) =>
    typeof value === "string" ? [{ value, rows: Number(n) }] : [],
  );
  const named = plan.named === null ? null : new Set(plan.named);
  const kept = values.filter(
    ({ value }, place) => named?.has(value) || ((named === null || plan.open) && place < MOST_VALUES),
  );
  const counts = Object.fromEntries(kept.map(({ value, rows }) => [value, rows]));
  const other = present - kept.reduce((sum, { rows }) => sum + rows, 0);
  const known = plan.known === null ? null : new Set(plan.known);
  const unknown = known === null ? [] : values.filter(({ value }) => !known.has(value));
  const inside = values.reduce((sum, { value, rows }) => (known?.has(value) ? sum + rows : sum), 0);
  return {
    summary: { kind: "categorical", rows: present, missing, counts, other, distinct },
    outside: known === null ? 0 : present - inside,
    examples: unknown.slice(0, MOST_EXAMPLES).map(({ value }) => value),
  };
}
