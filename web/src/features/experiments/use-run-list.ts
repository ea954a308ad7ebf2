import type { Run } from "@causeway/contract";
import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { createRowPages, type RowPagesState } from "../../components/row-pages.ts";
import { call } from "../../lib/client.ts";
import { type Scope, useScope } from "../../lib/scope.ts";
import { orderBy } from "./run-columns.ts";
import { childrenOf, idsIn, type RunNode, TOP_LEVEL, treeOf, withRuns } from "./run-tree.ts";
import { useRunChanges } from "./use-run-changes.ts";
import type { RunQuery } from "./use-run-query.ts";

const PAGE = 100;
/** Levels of runs inside runs that are read. */
const MOST_DEPTH = 4;
/** Changed runs that are read at once. */
const MOST_FRESH = 100;

/** The runs that a query finds: read as far as they are looked at, changed in place as they change. */
export type RunList = {
  state: RowPagesState<RunNode>;
  show: (first: number, last: number) => void;
  retry: () => void;
  /** Runs that came after the list was read. */
  newer: number;
  /** Reads the list anew from its beginning. */
  renew: () => void;
  /** Runs that changed a moment ago, to be tinted. */
  changed: ReadonlySet<string>;
};

/** Reads and follows the runs of an experiment. `nested` puts runs under those that they belong to. */
export function useRunList(experiment: string, query: RunQuery, nested: boolean): RunList {
  const scope = useScope();
  const [epoch, setEpoch] = useState(0);
  const order = orderBy(query.sort).join("\n");
  const { filter, life } = query;
  const list = useMemo(() => {
    const ask = { experiments: [experiment], filter, orderBy: order.split("\n").filter(Boolean), life };
    return Object.assign(
      createRowPages<RunNode>({ load: (after) => readPage(scope, { ...ask, nested, after }) }),
      // Part of the identity, so that a renewed list is another one.
      { epoch, openedAt: Date.now(), seen: new Set<string>() },
    );
  }, [scope, experiment, filter, order, life, nested, epoch]);
  const state = useSyncExternalStore(list.subscribe, list.state);
  const [newer, setNewer] = useState<ReadonlySet<string>>(new Set());
  const [changed, setChanged] = useState<ReadonlySet<string>>(new Set());

  useEffect(() => {
    setNewer(new Set());
    list.show(0, 0);
  }, [list]);
  useRunChanges([experiment], (ids) => {
    void follow(scope, { experiment, filter, life, nested, ids }).then(({ known, fits }) => {
      const held = new Set(list.state().pages.flatMap((page) => page?.flatMap(idsIn) ?? []));
      list.change((node) => withRuns(node, known));
      setChanged(new Set(ids.filter((id) => held.has(id))));
      const came = fits.filter(
        ({ id, startedAt }) => !held.has(id) && Date.parse(startedAt) > list.openedAt - CLOCKS_APART_MS,
      );
      if (came.length > 0) setNewer((before) => new Set([...before, ...came.map(({ id }) => id)]));
    });
  });

  // While another query is on its way the lines of the one before stay.
  const shown = useRef(state);
  if (state.sizes.length > 0 || state.error !== null) shown.current = state;
  const renew = useCallback(() => setEpoch((before) => before + 1), []);
  return {
    state: shown.current,
    show: list.show,
    retry: list.retry,
    newer: newer.size,
    renew,
    changed,
  };
}

/** How far the clocks of browser and server may be apart. */
const CLOCKS_APART_MS = 5_000;

type Asked = {
  experiments: string[];
  filter: string;
  orderBy: string[];
  life: RunQuery["life"];
  nested: boolean;
  after: string | undefined;
};

async function readPage(scope: Scope, { nested, after, ...asked }: Asked) {
  const filter = nested ? both(asked.filter, TOP_LEVEL) : asked.filter;
  const page = await call(
    ["experiments", "searchRuns"],
    { ...asked, filter, limit: PAGE, ...(after === undefined ? {} : { after }) },
    scope,
  );
  if (!nested) return { ...page, items: treeOf(page.items, []) };
  const below: Run[] = [];
  for (
    let level: readonly Run[] = page.items, depth = 0;
    level.length > 0 && depth < MOST_DEPTH;
    depth += 1
  ) {
    level = await readChildren(scope, asked, level);
    below.push(...level);
  }
  return { ...page, items: treeOf(page.items, below) };
}

/** A filter may have 200 clauses, so that the parents of one page fit into one question. */
async function readChildren(
  scope: Scope,
  { experiments, life }: Pick<Asked, "experiments" | "life">,
  parents: readonly Run[],
): Promise<readonly Run[]> {
  const answers = [];
  for (let from = 0; from < parents.length; from += PAGE) {
    const ids = parents.slice(from, from + PAGE).map(({ id }) => id);
    answers.push(
      await call(
        ["experiments", "searchRuns"],
        { experiments, life, filter: childrenOf(ids), limit: 1000 },
        scope,
      ),
    );
  }
  return answers.flatMap(({ items }) => items);
}

/** Changed runs as they are now, and which of them the list would show at its top level. */
async function follow(
  scope: Scope,
  {
    experiment,
    filter,
    life,
    nested,
    ids,
  }: { experiment: string; filter: string; life: RunQuery["life"]; nested: boolean; ids: readonly string[] },
): Promise<{ known: ReadonlyMap<string, Run>; fits: readonly Run[] }> {
  const some = ids.slice(0, MOST_FRESH);
  const among = `attributes.run_id IN (${some.map((id) => `'${id}'`).join(", ")})`;
  const ask = (text: string) =>
    call(
      ["experiments", "searchRuns"],
      { experiments: [experiment], filter: text, life, limit: MOST_FRESH },
      scope,
    );
  const all = await ask(among);
  const narrow = nested ? both(filter, TOP_LEVEL) : filter;
  const fits = narrow === "" ? all : await ask(both(narrow, among));
  return { known: new Map(all.items.map((run) => [run.id, run])), fits: fits.items };
}

/** Two filters that must both hold. */
function both(a: string, b: string): string {
  return a.trim() === "" ? b : `(${a}) AND ${b}`;
}
