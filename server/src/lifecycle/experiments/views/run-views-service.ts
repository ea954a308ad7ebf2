import { fail, type RunView, type SavedView } from "@causeway/contract";
import type { Call } from "../../../platform/access/index.ts";
import type { Audit } from "../../../platform/audit/index.ts";
import type { Database } from "../../../platform/database/index.ts";
import { keysetPage, notACursor } from "../../../platform/paging/index.ts";
import { findExperimentKeys } from "../search/experiment-keys-step.ts";
import { readFilter, readOrders } from "../search/read-request.ts";
import { type StoredView, viewsStore } from "./views-store.ts";

/** What kept views are made from. */
export type RunViewsParts = {
  readonly database: Pick<Database, "db">;
  readonly audit: Pick<Audit, "record">;
  readonly now: () => Date;
  readonly newId: () => string;
};

/** Makes what keeps views of runs under names. */
export function createRunViews({ database: { db }, audit, now, newId }: RunViewsParts) {
  async function saveView(
    input: { name: string; experiment: string | null; view: RunView },
    call: Call,
  ): Promise<SavedView> {
    const { project } = call.scope;
    // A view that cannot be searched by would fail whoever opens it.
    readFilter(input.view.filter, "runs");
    readOrders(input.view.orderBy, "runs");
    return db.transaction().execute(async (tx) => {
      const experimentKey =
        input.experiment === null ? null : await findExperiment(project, input.experiment);
      const id = await viewsStore(tx).upsert({
        id: newId(),
        project,
        experimentKey,
        name: input.name,
        view: input.view,
        createdAt: now(),
        createdBy: call.actor,
      });
      const kept = await viewsStore(tx).find(project, id);
      if (kept === undefined) throw noView(id);
      await audit.record(tx, call, {
        action: "experiments.view-saved",
        subject: viewPath(id),
        data: { name: input.name },
      });
      return toSavedView(kept);
    });
  }

  async function listViews(
    input: { limit: number; after?: string | undefined; experiment?: string | undefined },
    call: Call,
  ): Promise<{ items: SavedView[]; next: string | null }> {
    const { project } = call.scope;
    const experimentKey =
      input.experiment === undefined ? undefined : await findExperiment(project, input.experiment);
    const after = parseCursor(input.after);
    const rows = await viewsStore(db).list({ project, experimentKey, after, limit: input.limit + 1 });
    const { items, next } = keysetPage(rows, input.limit, ({ id, name }) => `${id}${name}`);
    return { items: items.map(toSavedView), next };
  }

  async function deleteView({ view }: { view: string }, call: Call): Promise<Record<string, never>> {
    return db.transaction().execute(async (tx) => {
      const gone = await viewsStore(tx).delete(call.scope.project, view);
      if (gone === undefined) throw noView(view);
      await audit.record(tx, call, {
        action: "experiments.view-deleted",
        subject: viewPath(view),
        data: { name: gone.name },
      });
      return {};
    });
  }

  async function findExperiment(project: string, experiment: string): Promise<number> {
    const [key] = await findExperimentKeys(db, project, [experiment]);
    return key ?? 0;
  }

  return { saveView, listViews, deleteView };
}

const UUID_LENGTH = 36;

/** A page goes on behind a name, and among equal ones behind an id. */
function parseCursor(after: string | undefined): { id: string; name: string } | undefined {
  if (after === undefined) return undefined;
  const id = after.slice(0, UUID_LENGTH);
  if (!/^[0-9a-f-]{36}$/.test(id)) throw notACursor(after);
  return { id, name: after.slice(UUID_LENGTH) };
}

function viewPath(id: string): string {
  return `/api/experiments/views/${id}`;
}

function toSavedView({ createdAt, ...view }: StoredView): SavedView {
  return { ...view, createdAt: createdAt.toISOString() };
}

function noView(view: string) {
  return fail("NOT_FOUND", {
    message: `there is no view ${view}`,
    field: "view",
    value: view,
    help: "List the views and take the id of one: GET /api/experiments/views",
  });
}
