import { parseFilter, printFilter, SearchError } from "@causeway/contract";

/** A text of the search box: a filter, or why it is none. */
export type FilterReading = { ok: true; filter: string } | { ok: false; error: SearchError };

/** Reads what was typed. Words without any comparison are sought in the names of runs. */
export function readFilterText(text: string): FilterReading {
  try {
    parseFilter(text, { entity: "runs" });
    return { ok: true, filter: text.trim() };
  } catch (error) {
    if (!(error instanceof SearchError)) throw error;
    const words = text.trim();
    if (isPlain(words)) return { ok: true, filter: `run_name ILIKE '%${words}%'` };
    return { ok: false, error };
  }
}

/** Whether a text has nothing of the grammar in it. */
function isPlain(text: string): boolean {
  return (
    text !== "" &&
    !/[=<>!'"`()%]/.test(text) &&
    !/\b(and|or|not|like|ilike|in|is|null)\b/i.test(text) &&
    !/\b(metrics?|params?|parameters?|tags?|attributes?|attr|datasets?)\./i.test(text)
  );
}

/** The parts of a filter that must all hold, each with the filter that is left without it. */
export function filterParts(text: string): { text: string; without: string }[] {
  try {
    const filter = parseFilter(text, { entity: "runs" });
    if (filter.kind === "everything") return [];
    const clauses = filter.kind === "and" ? filter.clauses : [filter];
    return clauses.map((clause, index) => {
      const rest = clauses.filter((_, other) => other !== index);
      const [only] = rest;
      return {
        text: printFilter(clause, "runs"),
        without:
          only === undefined
            ? ""
            : printFilter(rest.length === 1 ? only : { kind: "and", clauses: rest }, "runs"),
      };
    });
  } catch (error) {
    if (error instanceof SearchError) return [];
    throw error;
  }
}
