import type { Readable } from "node:stream";
import { type DatasetVersion, fail, type Import, type ImportOptions } from "@causeway/contract";
import type { Call } from "../../platform/access/index.ts";
import type { Artifacts } from "../../platform/artifacts/index.ts";
import type { Db } from "../../platform/database/index.ts";
import type { Events } from "../../platform/events/index.ts";
import { keysetPage, notACursor } from "../../platform/paging/index.ts";
import { hasEnded, type Work, type WorkQueue } from "../../platform/work/index.ts";
import { importPath } from "./data-paths.ts";
import { type ImportRow, importsStore } from "./imports-store.ts";
import type { Versions } from "./version-service.ts";
import { versionsStore } from "./versions-store.ts";

/** What the work of an import is given. */
export type ImportPayload = { readonly import: string };

/** The kind of work that an import is. */
export const IMPORT_KIND = "data.import";

/** What imports are made with. */
export interface ImportsParts {
  db: Db;
  artifacts: Artifacts;
  events: Events;
  work: WorkQueue;
  versions: Versions;
  now: () => Date;
  newId: () => string;
}

/** Uploads and imports as callers see them; the work itself is a job. */
export function createImports({ db, artifacts, events, work, versions, now, newId }: ImportsParts) {
  async function upload(
    _input: object,
    call: Call,
    body: Readable,
  ): Promise<{ digest: string; bytes: number }> {
    const stored = await artifacts.write(body, { signal: call.signal });
    await versionsStore(db).upsertUpload(call.scope.project, stored);
    return stored;
  }

  /** Content of other projects and stages is in the same store: only what was uploaded here may be read. */
  async function requireUpload(digest: string, { scope }: Pick<Call, "scope">): Promise<void> {
    if (await versionsStore(db).hasUpload(scope.project, digest)) return;
    throw fail("NOT_FOUND", {
      message: `Nothing was uploaded under ${digest}`,
      field: "upload",
      value: digest,
      help: "POST the file's bytes to /api/data/uploads and give back its digest.",
    });
  }

  async function startImport(
    input: { dataset: string; upload: string; file: string; options: ImportOptions },
    call: Call,
  ): Promise<Import> {
    const { project } = call.scope;
    await requireUpload(input.upload, call);
    const id = newId();
    await db.transaction().execute(async (tx) => {
      const subject = importPath(id);
      await artifacts.retain(tx, { project, subject }, [input.upload]);
      const payload: ImportPayload = { import: id };
      const queued = await work.enqueue(tx, call, { kind: IMPORT_KIND, subject, payload });
      await importsStore(tx).insertImport({
        id,
        project,
        dataset: input.dataset,
        file: input.file,
        upload: input.upload,
        options: input.options,
        work: queued,
        createdAt: now(),
        createdBy: call.actor,
      });
      await events.record(tx, call, {
        type: "data.import-started",
        subject,
        data: { dataset: input.dataset, file: input.file },
      });
    });
    return getImport({ import: id }, call);
  }

  async function getImport(input: { import: string }, call: Call): Promise<Import> {
    return current(await find(input.import, call), call);
  }

  /** What the work says is read after the row: where it has ended meanwhile, the row is read again, which knows how. */
  async function current(row: ImportRow, call: Call): Promise<Import> {
    if (row.outcome !== null) return view(row, undefined, call);
    const state = await work.get(row.work);
    return view(hasEnded(state) ? await find(row.id, call) : row, state, call);
  }

  async function* followImport(input: { import: string }, call: Call): AsyncGenerator<Import, void> {
    const { work: id } = await find(input.import, call);
    for await (const state of work.follow(id, call.signal)) {
      // The row is read after the work: when the work has ended, the row knows how.
      const row = await find(input.import, call);
      yield await view(row, state, call);
    }
  }

  async function listImports(
    input: { dataset: string; limit: number; after?: string | undefined },
    call: Call,
  ): Promise<{ items: Import[]; next: string | null }> {
    const after = input.after === undefined ? undefined : parseCursor(input.after);
    const rows = await importsStore(db).listImports({
      project: call.scope.project,
      dataset: input.dataset,
      after,
      limit: input.limit + 1,
    });
    const page = keysetPage(rows, input.limit, (row) => `${row.created_at.toISOString()},${row.id}`);
    const items = await Promise.all(page.items.map((row) => current(row, call)));
    return { items, next: page.next };
  }

  async function find(id: string, call: Call): Promise<ImportRow> {
    const row = await importsStore(db).findImport(call.scope.project, id);
    if (row !== undefined) return row;
    throw fail("NOT_FOUND", {
      message: `There is no import ${id}`,
      field: "import",
      value: id,
      help: "List those of a dataset: GET /api/data/datasets/<name>/imports",
    });
  }

  async function view(row: ImportRow, state: Work | undefined, call: Call): Promise<Import> {
    let version: DatasetVersion | null = null;
    if (row.version !== null)
      version = await versions.getVersion({ dataset: row.dataset, version: row.version }, call);
    return {
      id: row.id,
      dataset: row.dataset,
      file: row.file,
      state: row.outcome ?? state?.state ?? "queued",
      progress: row.outcome === null ? (state?.progress ?? null) : null,
      version,
      unchanged: row.unchanged,
      problem: row.problem,
      badRows: row.bad_rows,
      createdAt: row.created_at.toISOString(),
      endedAt: row.ended_at?.toISOString() ?? null,
    };
  }

  return { upload, requireUpload, startImport, getImport, followImport, listImports };
}

function parseCursor(after: string): { at: Date; id: string } {
  const [time = "", id = ""] = after.split(",");
  const at = new Date(time);
  if (!Number.isNaN(at.getTime()) && /^[0-9a-f-]{36}$/.test(id)) return { at, id };
  throw notACursor(after);
}
