import {
  type Actor,
  CYCLE_STEPS,
  type Cycle,
  type CycleFact,
  type CycleState,
  type CycleStep,
  type CycleStepName,
  type Environment,
  type PolicySettings,
  type Scope,
} from "@causeway/contract";
import { type Selectable, sql } from "kysely";
import type { Db, Schema, Tx } from "../../platform/database/index.ts";
import type { CycleBrief } from "./cycle-brief.ts";

type Row = Schema["retraining_cycles"];
type Kept = Selectable<Row>;

/** A cycle's name: its policy's id and its number there. */
export type CycleKey = { readonly policy: string; readonly number: number };

/** A cycle as it is stored. */
export type CycleRow = CycleKey & {
  readonly project: string;
  readonly environment: Environment;
  readonly state: CycleState;
  /** The policy's settings when it began. */
  readonly settings: PolicySettings;
  readonly trigger: Cycle["trigger"];
  readonly champion: number | null;
  readonly challenger: number | null;
  readonly candidate: number | null;
  readonly runs: Cycle["runs"];
  readonly dataset: Cycle["dataset"];
  readonly judging: Kept["judging"];
  readonly gate: string | null;
  readonly refitGate: string | null;
  readonly approval: string | null;
  readonly watched: Kept["watched"];
  readonly problem: string | null;
  readonly problemFact: CycleFact | null;
  /** REST paths of what it waits for. */
  readonly watches: readonly string[];
  /** The work that advances it, while there is one, and whether it must look once more. */
  readonly work: string | null;
  readonly again: boolean;
  readonly noticedAt: Date;
  readonly anchoredAt: Date;
  readonly evidenceUntil: Date | null;
  readonly learnedFrom: Date | null;
  readonly trainedUntil: Date | null;
  readonly switchedAt: Date | null;
  readonly startedAt: Date;
  readonly endedAt: Date | null;
  readonly startedBy: Actor;
};

/** What may change of a cycle. */
export type CycleChange = Partial<
  Omit<CycleRow, "policy" | "number" | "project" | "environment" | "settings" | "startedAt" | "startedBy">
>;

/** A station of a cycle as it is stored. */
export type StepRow = Omit<CycleStep, "startedAt" | "endedAt" | "occurredAt"> & {
  readonly startedAt: Date | null;
  readonly endedAt: Date | null;
  readonly occurredAt: Date | null;
};

/** Statements on cycles and their stations. */
export function cyclesStore(db: Db | Tx) {
  const select = () => db.selectFrom("retraining_cycles").selectAll();

  return {
    /** Adds a cycle with all its stations. */
    async insert(
      cycle: Pick<
        CycleRow,
        | "policy"
        | "number"
        | "project"
        | "environment"
        | "settings"
        | "trigger"
        | "champion"
        | "noticedAt"
        | "anchoredAt"
        | "evidenceUntil"
        | "startedAt"
        | "startedBy"
      >,
    ): Promise<void> {
      await db
        .insertInto("retraining_cycles")
        .values({
          policy: cycle.policy,
          number: cycle.number,
          project: cycle.project,
          environment: cycle.environment,
          state: "running",
          settings: JSON.stringify(cycle.settings),
          trigger: JSON.stringify(cycle.trigger),
          champion: cycle.champion,
          noticed_at: cycle.noticedAt,
          anchored_at: cycle.anchoredAt,
          evidence_until: cycle.evidenceUntil,
          started_at: cycle.startedAt,
          started_by: JSON.stringify(cycle.startedBy),
        })
        .execute();
      await db
        .insertInto("retraining_cycle_steps")
        .values(
          CYCLE_STEPS.map((name) => ({
            policy: cycle.policy,
            number: cycle.number,
            name,
            state: "waiting" as const,
          })),
        )
        .execute();
    },

    async find({ policy, number }: CycleKey): Promise<CycleRow | undefined> {
      const row = await select().where("policy", "=", policy).where("number", "=", number).executeTakeFirst();
      return row === undefined ? undefined : cycleOf(row);
    },

    /** The cycle for changes, one transaction at a time. */
    async lock({ policy, number }: CycleKey): Promise<CycleRow> {
      const row = await select()
        .where("policy", "=", policy)
        .where("number", "=", number)
        .forUpdate()
        .executeTakeFirstOrThrow();
      return cycleOf(row);
    },

    /** The cycle of a policy that has not ended. */
    async findUnderWay(policy: string): Promise<CycleRow | undefined> {
      const row = await select()
        .where("policy", "=", policy)
        .where("ended_at", "is", null)
        .executeTakeFirst();
      return row === undefined ? undefined : cycleOf(row);
    },

    /** Cycles under way that wait for a thing. */
    async listWatching(scope: Pick<Scope, "project">, subject: string): Promise<CycleKey[]> {
      return db
        .selectFrom("retraining_cycles")
        .select(["policy", "number"])
        .where("project", "=", scope.project)
        .where("ended_at", "is", null)
        .where(sql<boolean>`${subject} = any(watches)`)
        .orderBy("policy")
        .execute();
    },

    /** Cycles under way that nothing moves and that nobody looked at for a while. */
    async listForgotten(olderThanMs: number): Promise<CycleKey[]> {
      return db
        .selectFrom("retraining_cycles")
        .select(["policy", "number"])
        .where("ended_at", "is", null)
        .where("work", "is", null)
        .where("touched_at", "<", sql<Date>`now() - ${olderThanMs} * interval '1 millisecond'`)
        .orderBy("policy")
        .execute();
    },

    /** The newest cycles of a policy, newest first, as decisions see them. */
    async listBriefs(policy: string, limit: number): Promise<CycleBrief[]> {
      const rows = await select()
        .where("policy", "=", policy)
        .orderBy("number", "desc")
        .limit(limit)
        .execute();
      return rows.map(cycleOf).map((cycle) => ({
        ...cycle,
        trainings: cycle.runs.filter(({ purpose }) => purpose === "challenger").length,
      }));
    },

    /** Newest first, by start; `before` is the start and name of the last cycle of the page before. */
    async list(page: {
      scope: Scope;
      policy: string | undefined;
      state: CycleState | undefined;
      before: { readonly startedAt: Date; readonly policy: string; readonly number: number } | undefined;
      limit: number;
    }): Promise<CycleRow[]> {
      const { scope, policy, state, before, limit } = page;
      const rows = await select()
        .where("project", "=", scope.project)
        .where("environment", "=", scope.environment)
        .$if(policy !== undefined, (query) => query.where("policy", "=", policy ?? ""))
        .$if(state !== undefined, (query) => query.where("state", "=", state ?? "running"))
        .$if(before !== undefined, (query) =>
          query.where(
            sql<boolean>`(started_at, policy, number) < (${before?.startedAt}::timestamptz, ${before?.policy}::uuid, ${before?.number}::integer)`,
          ),
        )
        .orderBy("started_at", "desc")
        .orderBy("policy", "desc")
        .orderBy("number", "desc")
        .limit(limit)
        .execute();
      return rows.map(cycleOf);
    },

    /** The cycle of a policy that made a dataset version. */
    async findByDataset(policy: string, version: string): Promise<CycleRow | undefined> {
      const row = await select()
        .where("policy", "=", policy)
        .where(sql<boolean>`dataset ->> 'version' = ${version}`)
        .orderBy("number", "desc")
        .executeTakeFirst();
      return row === undefined ? undefined : cycleOf(row);
    },

    async listSteps(cycle: CycleKey): Promise<StepRow[]> {
      const rows = await db
        .selectFrom("retraining_cycle_steps")
        .selectAll()
        .where("policy", "=", cycle.policy)
        .where("number", "=", cycle.number)
        .execute();
      return rows
        .map((row) => ({
          name: row.name,
          state: row.state,
          text: row.text,
          ...(row.fact === null ? {} : { fact: row.fact }),
          startedAt: row.started_at,
          endedAt: row.ended_at,
          occurredAt: row.occurred_at,
          links: row.links,
        }))
        .sort((a, b) => CYCLE_STEPS.indexOf(a.name) - CYCLE_STEPS.indexOf(b.name));
    },

    async update({ policy, number }: CycleKey, change: CycleChange): Promise<void> {
      await db
        .updateTable("retraining_cycles")
        .set({ ...columnsOf(change), touched_at: sql`now()` })
        .where("policy", "=", policy)
        .where("number", "=", number)
        .execute();
    },

    async updateStep(
      cycle: CycleKey,
      name: CycleStepName,
      change: Partial<Omit<StepRow, "name" | "fact">> & { readonly fact?: CycleFact | undefined },
    ): Promise<void> {
      const { state, text, fact, startedAt, endedAt, occurredAt, links } = change;
      const set = {
        ...(state === undefined ? {} : { state }),
        // A sentence and its figures change together.
        ...(text === undefined ? {} : { text, fact: fact === undefined ? null : JSON.stringify(fact) }),
        ...(startedAt === undefined ? {} : { started_at: startedAt }),
        ...(endedAt === undefined ? {} : { ended_at: endedAt }),
        ...(occurredAt === undefined ? {} : { occurred_at: occurredAt }),
        ...(links === undefined ? {} : { links: JSON.stringify(links) }),
      };
      await db
        .updateTable("retraining_cycle_steps")
        .set(set)
        .where("policy", "=", cycle.policy)
        .where("number", "=", cycle.number)
        .where("name", "=", name)
        .execute();
    },
  };
}

function columnsOf(change: CycleChange) {
  const { state, trigger, champion, challenger, candidate, runs, dataset, judging, gate, approval } = change;
  const { watched, problem, watches, work, again } = change;
  const all = {
    state,
    trigger: trigger && JSON.stringify(trigger),
    champion,
    challenger,
    candidate,
    runs: runs && JSON.stringify(runs),
    dataset: dataset && JSON.stringify(dataset),
    judging: judging && JSON.stringify(judging),
    gate,
    refit_gate: change.refitGate,
    approval,
    watched: watched && JSON.stringify(watched),
    problem,
    problem_fact: change.problemFact && JSON.stringify(change.problemFact),
    watches: watches && [...watches],
    work,
    again,
    noticed_at: change.noticedAt,
    anchored_at: change.anchoredAt,
    evidence_until: change.evidenceUntil,
    learned_from: change.learnedFrom,
    trained_until: change.trainedUntil,
    switched_at: change.switchedAt,
    ended_at: change.endedAt,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

function cycleOf(row: Kept): CycleRow {
  return {
    policy: row.policy,
    number: row.number,
    project: row.project,
    environment: row.environment,
    state: row.state,
    settings: row.settings,
    trigger: row.trigger,
    champion: row.champion,
    challenger: row.challenger,
    candidate: row.candidate,
    runs: row.runs,
    dataset: row.dataset,
    judging: row.judging,
    gate: row.gate,
    refitGate: row.refit_gate,
    approval: row.approval,
    watched: row.watched,
    problem: row.problem,
    problemFact: row.problem_fact,
    watches: row.watches,
    work: row.work,
    again: row.again,
    noticedAt: row.noticed_at,
    anchoredAt: row.anchored_at,
    evidenceUntil: row.evidence_until,
    learnedFrom: row.learned_from,
    trainedUntil: row.trained_until,
    switchedAt: row.switched_at,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    startedBy: row.started_by,
  };
}
