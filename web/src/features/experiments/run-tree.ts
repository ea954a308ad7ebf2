import { printField, type Run } from "@causeway/contract";
import type { RowPagesState } from "../../components/row-pages.ts";

/** The tag by which a run names the run that it belongs to. */
export const PARENT_TAG = "mlflow.parentRunId";

const PARENT = printField({ group: "tag", key: PARENT_TAG }, "runs");

/** Finds runs that belong to no other. */
export const TOP_LEVEL = `${PARENT} IS NULL`;
/** Finds runs that belong to another. */
export const NESTED = `${PARENT} IS NOT NULL`;

/** A run with those that belong to it. */
export type RunNode = { run: Run; children: readonly RunNode[] };

/** One line of the table: a run in its depth, or the place of one that is not held at the moment. */
export type RunLine =
  | { kind: "run"; run: Run; depth: number; children: number; isOpen: boolean; at: number }
  | { kind: "away"; at: number };

/** Finds the runs that belong to some runs. */
export function childrenOf(ids: readonly string[]): string {
  return ids.map((id) => `${PARENT} = '${id}'`).join(" OR ");
}

/** Puts runs under the runs that they belong to; `nested` may hold several levels. */
export function treeOf(top: readonly Run[], nested: readonly Run[]): RunNode[] {
  const byParent = Map.groupBy(nested, ({ tags }) => tags[PARENT_TAG] ?? "");
  const node = (run: Run, above: readonly string[]): RunNode => ({
    run,
    // A run that names itself or its own child as parent ends the descent.
    children: above.includes(run.id)
      ? []
      : (byParent.get(run.id) ?? []).map((child) => node(child, [...above, run.id])),
  });
  return top.map((run) => node(run, []));
}

/** A node with some of its runs replaced; the same node where none is. */
export function withRuns(node: RunNode, fresh: ReadonlyMap<string, Run>): RunNode {
  const run = fresh.get(node.run.id) ?? node.run;
  const children = node.children.map((child) => withRuns(child, fresh));
  const isSame = run === node.run && children.every((child, index) => child === node.children[index]);
  return isSame ? node : { run, children };
}

/** The ids of a node and all below it. */
export function idsIn({ run, children }: RunNode): string[] {
  return [run.id, ...children.flatMap(idsIn)];
}

/** The table's lines: every row of the list in its place, with what belongs to it where it is open. */
export function linesOf(
  { pages, sizes }: Pick<RowPagesState<RunNode>, "pages" | "sizes">,
  open: ReadonlySet<string>,
): RunLine[] {
  const lines: RunLine[] = [];
  let at = 0;
  const add = (node: RunNode, depth: number) => {
    const isOpen = open.has(node.run.id);
    lines.push({ kind: "run", run: node.run, depth, children: node.children.length, isOpen, at });
    if (isOpen) for (const child of node.children) add(child, depth + 1);
  };
  for (const [index, size] of sizes.entries()) {
    const page = pages[index];
    for (let row = 0; row < size; row += 1) {
      const node = page?.[row];
      if (node === undefined) lines.push({ kind: "away", at });
      else add(node, 0);
      at += 1;
    }
  }
  return lines;
}
