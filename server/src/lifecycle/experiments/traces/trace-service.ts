import { fail } from "@causeway/contract";
import type { Call } from "../../../platform/access/index.ts";
import type { Database, Tx } from "../../../platform/database/index.ts";
import { traceArtifactUri } from "../artifact-uri.ts";
import type { ArtifactTreeService } from "../artifacts/artifact-tree-service.ts";
import { experimentsStore } from "../experiments-store.ts";
import { refuseNulTexts } from "../storable-text.ts";
import type { Found, Texts } from "../tracking.ts";
import { assessmentStore } from "./assessment-store.ts";
import type { Assessment, Span, Trace, TraceInfo } from "./trace.ts";
import { outlineTraces } from "./trace-outline.ts";
import { createTraceSearch, type TraceSearchRequest } from "./trace-search-service.ts";
import { type StoredTrace, traceStore } from "./trace-store.ts";
import { jsonWithoutNul, textsWithoutNul } from "./trace-text.ts";

/** What traces are made from. */
export type TracesParts = {
  readonly database: Pick<Database, "db">;
  readonly tree: Pick<ArtifactTreeService, "forget">;
};

/** A trace as its client tells of it. */
export type GivenTrace = Omit<TraceInfo, "artifactUri">;

/** Traces and their spans. */
export type Traces = ReturnType<typeof createTraces>;

/** The experiment of clients that name none. */
const DEFAULT_EXPERIMENT = "0";
const ARTIFACT_LOCATION = "mlflow.artifactLocation";

/** Makes the service of traces. */
export function createTraces({ database: { db }, tree }: TracesParts) {
  const store = traceStore(db);
  const traceSearch = createTraceSearch({ db });

  async function requireExperiment(id: string, call: Call, tx: Tx) {
    const { project } = call.scope;
    const look = () => traceStore(tx).findExperiment(project, Number(id));
    let found = /^\d{1,9}$/.test(id) ? await look() : undefined;
    if (found === undefined && id === DEFAULT_EXPERIMENT) {
      // It is made on first sight, as for runs.
      await experimentsStore(tx).insertDefault(project);
      found = await look();
    }
    if (found === undefined) throw noExperiment(id);
    if (found.deletedAt === null) return found;
    throw fail("CONFLICT", {
      message: `The experiment ${id} must be in the 'active' state`,
      field: "experiment",
      value: id,
      help: "Restore it first.",
    });
  }

  /** Writes down a trace; its spans may come before it or after it. */
  async function start(told: GivenTrace, call: Call): Promise<TraceInfo> {
    const { project } = call.scope;
    const given = jsonWithoutNul(told);
    const { id, experiment: _experiment, metadata, tags, assessments, ...row } = given;
    await db.transaction().execute(async (tx) => {
      const experiment = await requireExperiment(given.experiment, call, tx);
      const artifactUri = traceArtifactUri(experiment, id);
      const scoped = traceStore(tx);
      await scoped.upsert({ ...row, id, project, experimentKey: experiment.key, artifactUri });
      await scoped.upsertTexts({ project, trace: id, kind: "metadata" }, textsWithoutNul(metadata));
      await scoped.upsertTexts({ project, trace: id, kind: "tag" }, textsWithoutNul(ownTags(tags)));
      for (const assessment of assessments) await assessmentStore(tx).upsert(project, assessment);
    });
    return get(id, call);
  }

  /** Keeps spans, all of them or none; their traces are made where they are not there yet. */
  async function logSpans(
    { experiment: id, spans }: { experiment: string; spans: readonly Span[] },
    call: Call,
  ): Promise<void> {
    if (spans.length === 0) return;
    const { project } = call.scope;
    // In one order, so that two batches of the same traces cannot wait for each other.
    const outlines = outlineTraces(spans).sort((a, b) => (a.id < b.id ? -1 : 1));
    await db.transaction().execute(async (tx) => {
      const experiment = await requireExperiment(id, call, tx);
      const scoped = traceStore(tx);
      for (const outline of outlines) {
        const trace = outline.id;
        const artifactUri = traceArtifactUri(experiment, trace);
        await scoped.upsertOutline({ project, experimentKey: experiment.key, artifactUri }, outline);
        await scoped.upsertTexts({ project, trace, kind: "tag" }, ownTags(outline.tags));
        await scoped.upsertTexts({ project, trace, kind: "metadata" }, outline.metadata);
      }
      await scoped.upsertSpans(project, lastOfEach(spans));
    });
  }

  async function get(id: string, call: Call): Promise<TraceInfo> {
    const [found] = await list([id], call);
    if (found === undefined) throw noTrace(id);
    return found;
  }

  /** Those of the traces that are there, in the order of the ids. */
  async function list(ids: readonly string[], call: Call): Promise<TraceInfo[]> {
    if (ids.length === 0) return [];
    const { project } = call.scope;
    const [rows, texts, assessments] = await Promise.all([
      store.find(project, ids),
      store.listTexts(project, ids),
      store.listAssessments(project, ids),
    ]);
    const byId = new Map(rows.map((row) => [row.id, row]));
    const textsOf = Map.groupBy(texts, ({ trace }) => trace);
    const assessmentsOf = Map.groupBy(assessments, ({ trace }) => trace);
    return [...new Set(ids)].flatMap((id) => {
      const row = byId.get(id);
      return row === undefined ? [] : [viewTrace(row, textsOf.get(id) ?? [], assessmentsOf.get(id) ?? [])];
    });
  }

  /** Traces with their spans. */
  async function listWhole(ids: readonly string[], call: Call): Promise<Trace[]> {
    const infos = await list(ids, call);
    if (infos.length === 0) return [];
    const found = infos.map(({ id }) => id);
    const spansOf = Map.groupBy(await store.listSpans(call.scope.project, found), ({ trace }) => trace);
    return infos.map((info) => ({ info, spans: (spansOf.get(info.id) ?? []).map(({ content }) => content) }));
  }

  async function search(request: TraceSearchRequest, call: Call): Promise<Found<TraceInfo>> {
    const { ids, next } = await traceSearch.find(request, call);
    return { items: await list(ids, call), next };
  }

  async function setTags({ id, set }: { id: string; set: Texts }, call: Call): Promise<void> {
    const { project } = call.scope;
    await get(id, call);
    refuseNulTexts("tags", Object.entries(set));
    await store.upsertTexts({ project, trace: id, kind: "tag" }, set);
  }

  async function removeTag({ id, name }: { id: string; name: string }, call: Call): Promise<void> {
    await get(id, call);
    if (await store.deleteTag(call.scope.project, id, name)) return;
    throw fail("NOT_FOUND", {
      message: `No trace tag with key '${name}' for trace with ID '${id}'`,
      field: "key",
      value: name,
      help: "Its tags are listed with the trace.",
    });
  }

  /** Removes traces with all they have: these, or the oldest up to a time. */
  async function remove(
    {
      experiment: id,
      ...which
    }: { experiment: string } & ({ ids: readonly string[] } | { untilMs: number; most: number | undefined }),
    call: Call,
  ): Promise<{ removed: number }> {
    const { project } = call.scope;
    return db.transaction().execute(async (tx) => {
      const experiment = /^\d{1,9}$/.test(id)
        ? await traceStore(tx).findExperiment(project, Number(id))
        : undefined;
      if (experiment === undefined) throw noExperiment(id);
      const gone = await traceStore(tx).delete({ project, experimentKey: experiment.key }, which);
      for (const trace of gone)
        await tree.forget(tx, { owner: { kind: "trace", id: trace }, path: "" }, call);
      return { removed: gone.length };
    });
  }

  async function linkToRun({ run, ids }: { run: string; ids: readonly string[] }, call: Call): Promise<void> {
    const { project } = call.scope;
    if (!(await store.hasRun(project, run))) {
      throw fail("NOT_FOUND", {
        message: `there is no run ${run}`,
        field: "run",
        value: run,
        help: "npx --no causeway experiments runs",
      });
    }
    if (ids.length > 0) await store.insertRuns(project, run, ids);
  }

  return { start, logSpans, get, list, listWhole, search, setTags, removeTag, remove, linkToRun };
}

/** Where its files are follows from the experiment; what a client says of it is not kept. */
function ownTags(tags: Texts): Texts {
  const { [ARTIFACT_LOCATION]: _location, ...own } = tags;
  return own;
}

/** A span that comes twice in one batch counts as it came last. */
function lastOfEach(spans: readonly Span[]): Span[] {
  return [...new Map(spans.map((span) => [`${span.trace}/${span.id}`, span])).values()];
}

function viewTrace(
  row: StoredTrace,
  texts: readonly { kind: "tag" | "metadata"; name: string; value: string }[],
  assessments: readonly Assessment[],
): TraceInfo {
  const ofKind = (kind: "tag" | "metadata"): Texts =>
    Object.fromEntries(texts.filter((text) => text.kind === kind).map(({ name, value }) => [name, value]));
  return {
    ...row,
    experiment: String(row.experiment),
    tags: { ...ofKind("tag"), [ARTIFACT_LOCATION]: row.artifactUri },
    metadata: ofKind("metadata"),
    assessments,
  };
}

/** The refusal of a trace that is not there. */
export function noTrace(id: string) {
  return fail("NOT_FOUND", {
    message: `Trace with ID '${id}' not found.`,
    field: "trace_id",
    value: id,
    help: "Look whether it is of this project, and was not deleted.",
  });
}

function noExperiment(id: string) {
  return fail("NOT_FOUND", {
    message: `there is no experiment ${id}`,
    field: "experiment",
    value: id,
    help: "npx --no causeway experiments list",
  });
}
