/** The things that an import counts, in the order of its table. */
export const IMPORTED_THINGS = [
  "experiments",
  "runs",
  "params",
  "tags",
  "points",
  "files",
  "logged models",
  "models",
  "versions",
  "aliases",
] as const;
export type ImportedThing = (typeof IMPORTED_THINGS)[number];

/** How many there are at the source, how many came now, and how many were here before. What is neither was left out. */
export type ImportCount = { found: number; taken: number; here: number };

/** Counts by thing. */
export type ImportCounts = ReturnType<typeof createImportCounts>;

/** Makes counts that start at nothing. */
export function createImportCounts() {
  const counts = new Map<ImportedThing, ImportCount>(
    IMPORTED_THINGS.map((thing) => [thing, { found: 0, taken: 0, here: 0 }]),
  );
  return {
    add(thing: ImportedThing, how: "taken" | "here" | "left", count = 1): void {
      const known = counts.get(thing);
      if (known === undefined) return;
      known.found += count;
      if (how !== "left") known[how] += count;
    },
    of: (thing: ImportedThing): ImportCount => counts.get(thing) ?? { found: 0, taken: 0, here: 0 },
  };
}
