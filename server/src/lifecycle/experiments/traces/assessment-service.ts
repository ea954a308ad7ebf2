import { fail } from "@causeway/contract";
import type { Call } from "../../../platform/access/index.ts";
import type { Database } from "../../../platform/database/index.ts";
import { assessmentStore } from "./assessment-store.ts";
import type { Assessment } from "./trace.ts";
import { noTrace } from "./trace-service.ts";
import { traceStore } from "./trace-store.ts";
import { jsonWithoutNul } from "./trace-text.ts";

/** Assessments of traces. */
export type Assessments = ReturnType<typeof createAssessments>;

/** Makes the service of what people and judges think of traces. */
export function createAssessments({ database: { db } }: { database: Pick<Database, "db"> }) {
  /** Adds an assessment; one that it overrides does not count any more. */
  async function create(
    { assessment: given, overrides }: { assessment: Assessment; overrides: string | undefined },
    call: Call,
  ): Promise<Assessment> {
    const assessment = jsonWithoutNul(given);
    const { project } = call.scope;
    const { trace } = assessment;
    await db.transaction().execute(async (tx) => {
      if ((await traceStore(tx).find(project, [trace])).length === 0) throw noTrace(trace);
      const store = assessmentStore(tx);
      if (overrides !== undefined && !(await store.setValid({ project, trace, id: overrides }, false)))
        throw noAssessment(trace, overrides);
      await store.insert(project, assessment);
    });
    return assessment;
  }

  async function get({ trace, id }: { trace: string; id: string }, call: Call): Promise<Assessment> {
    const found = await assessmentStore(db).find(call.scope.project, trace, id);
    if (found === undefined) throw noAssessment(trace, id);
    return found;
  }

  /** Changes name and content; whoever changes it at the same moment waits. */
  function update(
    { trace, id }: { trace: string; id: string },
    call: Call,
    change: (before: Assessment) => Pick<Assessment, "name" | "content">,
  ): Promise<Assessment> {
    const { project } = call.scope;
    return db.transaction().execute(async (tx) => {
      const store = assessmentStore(tx);
      const before = await store.lock(project, trace, id);
      if (before === undefined) throw noAssessment(trace, id);
      const after = jsonWithoutNul({ ...before, ...change(before) });
      await store.update(project, after);
      return after;
    });
  }

  /** Removes an assessment; the one that it overrode counts again. One that is not there is removed already. */
  async function remove(
    { trace, id }: { trace: string; id: string },
    call: Call,
    overridden: (removed: Assessment) => string | undefined,
  ): Promise<void> {
    const { project } = call.scope;
    await db.transaction().execute(async (tx) => {
      const store = assessmentStore(tx);
      const before = await store.lock(project, trace, id);
      if (before === undefined) return;
      await store.delete(project, trace, id);
      const other = overridden(before);
      if (other !== undefined) await store.setValid({ project, trace, id: other }, true);
    });
  }

  return { create, get, update, remove };
}

function noAssessment(trace: string, id: string) {
  return fail("NOT_FOUND", {
    message: `Assessment with ID '${id}' not found for trace '${trace}'`,
    field: "assessment_id",
    value: id,
    help: "The assessments are listed with their trace.",
  });
}
