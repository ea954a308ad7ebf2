import type { LineageNode, RunRecord } from "@causeway/contract";
import type { LineageEdge } from "../../platform/lineage/index.ts";
import { versionPath } from "../data/index.ts";
import { runPath } from "./experiment-paths.ts";

/** The edges from a run to the data and the code that its record names. */
export function runLineage(run: { id: string; name: string; record: RunRecord }): LineageEdge[] {
  const from: LineageNode = { kind: "run", subject: runPath(run.id), title: run.name };
  const data = run.record.data.flatMap(({ name, dataset, digest }) => {
    if (dataset === null) return [];
    const title = `${dataset}@${digest.slice(0, 6)}`;
    const to: LineageNode = { kind: "dataset-version", subject: versionPath(dataset, digest), title };
    return [{ from, to, relation: `read as ${name}` }];
  });
  const commit = run.record.code?.commit ?? null;
  if (commit === null) return data;
  const dirty = run.record.code?.diff == null ? "" : " with changes";
  const code: LineageNode = {
    kind: "code",
    subject: `git:${commit}`,
    title: `${commit.slice(0, 7)}${dirty}`,
  };
  return [...data, { from, to: code, relation: "ran" }];
}
