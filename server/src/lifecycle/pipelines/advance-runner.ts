import { createHash } from "node:crypto";
import { orderSteps, type StepDefinition, type StepOutput } from "@causeway/contract";
import { type Call, systemCall } from "../../platform/access/index.ts";
import type { Artifacts } from "../../platform/artifacts/index.ts";
import { notify, type Tx } from "../../platform/database/index.ts";
import type { Events } from "../../platform/events/index.ts";
import type { WorkQueue } from "../../platform/work/index.ts";
import { cacheText, explainMiss, ingredientsOf } from "./ingredients.ts";
import { artifactsOf } from "./output-artifacts.ts";
import { runPath, stepPath } from "./pipeline-paths.ts";
import { decideSteps, isOver, runStateOf } from "./run-progress.ts";
import { type RunRow, runsStore, type StepMove, type StepRow } from "./runs-store.ts";

/** Payload: the id of a pipeline run that changed, or got log lines. */
export const RUN_CHANGED = "causeway_pipelines";

/** Kind of the work that runs one step. */
export const STEP_WORK = "pipelines.step";

/** What the work of a step is told. */
export type StepPayload = { readonly run: string; readonly step: string };

/** Moves a run on after a change: takes results from the cache, starts what is ready, ends the run. */
export type Advance = (tx: Tx, run: string) => Promise<void>;

type Parts = {
  readonly artifacts: Pick<Artifacts, "retain">;
  readonly events: Pick<Events, "record">;
  readonly work: Pick<WorkQueue, "enqueue">;
  readonly now: () => Date;
  /** Versions of the library steps by name. */
  readonly libraries: ReadonlyMap<string, string>;
};

/** Makes the advance; it locks the run's row, so that changes of one run happen one after the other. */
export function createAdvance({ artifacts, events, work, now, libraries }: Parts): Advance {
  async function takeFromCacheOrStart(tx: Tx, run: RunRow, step: ReadyStep): Promise<StepMove> {
    const { definition, row, inputs } = step;
    const store = runsStore(tx);
    const call = runCall(run);
    const ingredients = ingredientsOf(definition, {
      params: row.params,
      inputs,
      libraryVersion: definition.work.kind === "library" ? libraries.get(definition.work.name) : undefined,
    });
    const cacheKey = createHash("sha256").update(cacheText(ingredients)).digest("hex");
    const usesCache = definition.cache && !run.fresh;
    const kept = usesCache ? await store.findResult(run.pipelineId, cacheKey) : undefined;
    if (kept !== undefined) {
      const at = now();
      return {
        state: "cached",
        why: "same data, code, params",
        cachedFrom: kept.number,
        outputs: kept.outputs,
        summary: kept.summary,
        cacheKey,
        ingredients,
        startedAt: at,
        endedAt: at,
      };
    }
    const why = usesCache
      ? explainMiss(await store.findLastIngredients(run, row.name), ingredients)
      : run.fresh
        ? "a fresh run was asked for"
        : "its results are not cached";
    const id = await work.enqueue(tx, call, {
      kind: STEP_WORK,
      subject: stepPath({ pipeline: run.pipeline, run: run.number, step: row.name }),
      payload: { run: run.id, step: row.name } satisfies StepPayload,
    });
    return { state: "queued", why, work: id, cacheKey, ingredients };
  }

  return async function advance(tx, id) {
    const store = runsStore(tx);
    const run = await store.lock(id);
    if (run === undefined || isOver(run.state)) return;
    const definitions = orderSteps(await store.findDefinition(run));
    const rows = new Map((await store.listSteps([id])).map((row) => [row.name, row]));
    const moves = new Map<string, StepMove>();
    for (let moved = true; moved; ) {
      moved = false;
      const states = new Map([...rows].map(([name, { state }]) => [name, state]));
      for (const { step, decision } of decideSteps(definitions, states, run.state)) {
        const row = rows.get(step.name);
        if (row === undefined) continue;
        const move: StepMove =
          decision === "ready"
            ? await takeFromCacheOrStart(tx, run, {
                definition: step,
                row,
                inputs: inputDigests(step, run, rows),
              })
            : { state: decision === "skip" ? "skipped" : "cancelled", endedAt: now() };
        moves.set(step.name, move);
        rows.set(step.name, { ...row, ...move });
        // A result from the cache may let further steps begin; a skip is seen by `decideSteps` itself.
        moved ||= move.state === "cached";
      }
    }
    await store.applyMoves(id, moves);
    await keepCached(tx, run, [...moves.values()]);
    await endOrGoOn(tx, run, [...rows.values()]);
    await notify(tx, { channel: RUN_CHANGED, payload: id });
  };

  /** What a run took from the cache stays as long as the run does. */
  async function keepCached(tx: Tx, run: RunRow, moves: readonly StepMove[]): Promise<void> {
    const digests = moves
      .filter(({ state }) => state === "cached")
      .flatMap(({ outputs = {} }) => Object.values(outputs))
      .flatMap(artifactsOf);
    if (digests.length === 0) return;
    await artifacts.retain(tx, { project: run.project, subject: runPath(run.pipeline, run.number) }, digests);
  }

  async function endOrGoOn(tx: Tx, run: RunRow, rows: readonly StepRow[]): Promise<void> {
    const state = runStateOf(
      rows.map((row) => row.state),
      run.state,
    );
    if (state === run.state) return;
    const failed = rows.find((row) => row.state === "failed");
    const problem =
      state === "failed" && failed !== undefined ? `${failed.name}: ${failed.problem ?? "failed"}` : null;
    await runsStore(tx).setState(run.id, { state, problem });
    if (!isOver(state)) return;
    await events.record(tx, runCall(run), {
      type: "pipelines.run-ended",
      subject: runPath(run.pipeline, run.number),
      data: { state, problem },
    });
  }
}

type ReadyStep = {
  readonly definition: StepDefinition;
  readonly row: StepRow;
  readonly inputs: Readonly<Record<string, string>>;
};

function inputDigests(
  step: StepDefinition,
  run: RunRow,
  rows: ReadonlyMap<string, StepRow>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(step.inputs).map(([name, { source }]) => {
      const output: StepOutput | undefined =
        source.from === "step" ? rows.get(source.step)?.outputs[source.output] : undefined;
      const dataset = source.from === "param" ? run.datasets[source.param] : undefined;
      return [name, output?.digest ?? dataset?.version ?? ""];
    }),
  );
}

/** A call in the name of a run. */
export function runCall(run: RunRow, signal?: AbortSignal): Call {
  const scope = { project: run.project, environment: run.environment };
  const id = `${run.pipeline}/${run.number}`;
  return {
    ...systemCall(scope, id, signal),
    actor: { kind: "pipeline-run", id, name: `${run.pipeline} run ${run.number}` },
  };
}
