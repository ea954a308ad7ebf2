import {
  type Actor,
  type Approval,
  ApprovalFact,
  type ApprovalState,
  durationMs,
  fail,
  type Gate,
  type Json,
} from "@causeway/contract";
import { z } from "zod";
import { type Call, systemCall } from "../../platform/access/index.ts";
import { pagePath } from "../../platform/addresses/index.ts";
import type { Approvals, StoredApproval } from "../../platform/approvals/index.ts";
import type { Database, Tx } from "../../platform/database/index.ts";
import type { Events } from "../../platform/events/index.ts";
import type { Notifications } from "../../platform/notifications/index.ts";
import { defineWork, type WorkDefinition } from "../../platform/work/index.ts";
import { checkGateBehind } from "./gate-behind.ts";
import { judgementOf } from "./gate-summary.ts";
import { gatesStore } from "./gates-store.ts";
import { noVersion } from "./missing.ts";
import { checkAliasName } from "./model-reference.ts";
import { aliasPath, approvalPath, modelPath } from "./registry-paths.ts";
import type { Registry } from "./registry-service.ts";
import { registryStore } from "./registry-store.ts";

/** What approvals of aliases need. */
export type ApprovalParts = {
  readonly database: Pick<Database, "db">;
  readonly events: Pick<Events, "record">;
  readonly approvals: Approvals;
  readonly notifications: Pick<Notifications, "notify">;
  readonly registry: Pick<Registry, "moveAlias" | "ruleOf">;
  /** Where people find the pages. */
  readonly publicUrl: () => string;
};

/** A wish to move an alias to a version. */
export type ApprovalWish = {
  readonly model: string;
  readonly alias: string;
  readonly version: number;
  readonly gate?: string | undefined;
  /** The version that the gate judged, where this one is its refit. */
  readonly judgedVersion?: number | undefined;
  readonly summary: string;
  /** The summary as figures. */
  readonly fact?: ApprovalFact;
  /** True: a person is asked, also where the alias's rule would not. */
  readonly person?: boolean;
  readonly fourEyes?: boolean;
  /** The rule's own time unless given. */
  readonly expiresAfterMs?: number;
  /** Who may not decide, beside whoever asks. */
  readonly notBy?: readonly Actor[];
  /** Channels that are told. */
  readonly notify?: readonly string[];
};

/** What this stage keeps with a question. */
const Details = z.object({
  model: z.string(),
  alias: z.string(),
  version: z.int(),
  judgedVersion: z.int().nullable(),
  gate: z.string().nullable(),
  /** Where the alias pointed when it was asked. */
  previous: z.int().nullable(),
});

/** The summary as figures, kept beside the details; requests of before it was kept have none. */
const Said = z.object({ fact: ApprovalFact.optional().catch(undefined) });

/** Kind of the work that ends a question whose time is over. */
const EXPIRY_KIND = "registry.expire-approval";

/** Asking people whether an alias may move. */
export type AliasApprovals = ReturnType<typeof createAliasApprovals>;

/** Makes the service. An approval moves the alias in its own transaction; looking at one changes nothing. */
export function createAliasApprovals(parts: ApprovalParts) {
  const { database, events, approvals, notifications, registry, publicUrl } = parts;
  const { db } = database;

  /**
   * Asks in the caller's transaction for an alias to be moved. Where neither the alias's rule nor the wish wants a person,
   * it moves at once, and the answer is an approval that was given by the rule.
   */
  async function askApproval(tx: Tx, call: Call, wish: ApprovalWish): Promise<Approval> {
    const { model, alias, version } = wish;
    checkAliasName(alias);
    const store = registryStore(tx);
    const { project } = call.scope;
    await store.lockModel(project, model);
    const wanted = await store.findVersion({ project, model, version });
    if (wanted === undefined) throw noVersion(wish);
    const gate = wish.gate === undefined ? undefined : await gatesStore(tx).find(call.scope, wish.gate);
    if (wish.gate !== undefined) checkGateBehind(gate, { gate: wish.gate, version: wanted });
    const rule = await registry.ruleOf(tx, wish, call.scope);
    const previous = (await store.findAlias({ ...call.scope, model, alias }))?.version ?? null;
    const asksPerson = rule.approval === "person" || wish.person === true;
    const details = {
      model,
      alias,
      version,
      judgedVersion: wish.judgedVersion ?? wanted.refitOf,
      gate: wish.gate ?? null,
      previous,
    };
    const fact = wish.fact ?? (wish.summary === "" ? movesFact(previous, gate) : undefined);
    const question = {
      subject: aliasPath(wish),
      parent: modelPath(model),
      digest: wanted.digest,
      summary: wish.summary === "" ? defaultSummary(details, gate?.summary ?? null) : wish.summary,
      // Made of JSON's own values.
      details: fact === undefined ? details : { ...details, fact: fact as unknown as Json },
      fourEyes: asksPerson && (rule.fourEyes || wish.fourEyes === true),
      notBy: uniqueActors([call.actor, ...(wish.notBy ?? [])]),
    };
    if (!asksPerson) {
      const reason = "The alias's rule is automatic";
      const given = await approvals.record(tx, call, { ...question, reason });
      await registry.moveAlias(tx, call, wish);
      await recordDecision(tx, call, given);
      return view(given, version);
    }
    if (previous === version) throw pointsThere(wish);
    const expiresAfterMs = wish.expiresAfterMs ?? durationMs(rule.expiresAfter) ?? 0;
    const { approval, withdrawn } = await approvals.request(tx, call, {
      ...question,
      expiresAfterMs,
      expiry: EXPIRY_KIND,
    });
    for (const one of withdrawn) await recordDecision(tx, call, one);
    await events.record(tx, call, {
      type: "registry.approval-requested",
      subject: approvalPath(approval.id),
      data: { approval: approval.id, ...details, digest: approval.digest, summary: approval.summary },
    });
    await tell(tx, call, { approval, channels: wish.notify ?? [] });
    return view(approval, previous);
  }

  async function tell(
    tx: Tx,
    call: Call,
    { approval, channels }: { approval: StoredApproval; channels: readonly string[] },
  ): Promise<void> {
    const { model, alias, version, previous } = Details.parse(approval.details);
    await notifications.notify(tx, call, {
      channels,
      subject: approvalPath(approval.id),
      key: "requested",
      title: `Shall ${model} version ${version} become ${alias}?`,
      text: approval.summary,
      facts: [
        { name: "Now", value: previous === null ? "no version" : `version ${previous}` },
        { name: "Then", value: `version ${version} (${approval.digest.slice(0, 12)})` },
        { name: "Asked by", value: approval.requestedBy.name },
        { name: "Expires", value: approval.expiresAt.toISOString() },
      ],
      url: pageOf(approval),
    });
  }

  async function recordDecision(tx: Tx, call: Call, approval: StoredApproval): Promise<void> {
    const { state, id, reason, digest } = approval;
    await events.record(tx, call, {
      type: state === "expired" ? "registry.approval-expired" : "registry.approval-decided",
      subject: approvalPath(id),
      data: { approval: id, state, ...Details.parse(approval.details), digest, reason },
    });
  }

  function requestApproval(
    input: { model: string; alias: string; version: number; gate?: string | undefined; summary: string },
    call: Call,
  ): Promise<Approval> {
    return db.transaction().execute((tx) => askApproval(tx, call, input));
  }

  function decideApproval(
    input: { approval: string; decision: "approve" | "reject"; digest: string; reason: string },
    call: Call,
  ): Promise<Approval> {
    const { approval, decision, digest, reason } = input;
    return db.transaction().execute(async (tx) => {
      const approved = decision === "approve";
      const seen = await approvals.get(approval, call);
      if (!isOfRegistry(seen)) throw foreign(approval);
      // Before the request itself, as those who ask do: two who meet here wait for one another in turn.
      await registryStore(tx).lockModel(call.scope.project, Details.parse(seen.details).model);
      const decided = await approvals.decide(tx, call, { approval, approved, digest, reason });
      const details = Details.parse(decided.details);
      if (approved) await registry.moveAlias(tx, call, details);
      await recordDecision(tx, call, decided);
      const current = await registryStore(tx).findAlias({ ...call.scope, ...details });
      return view(decided, current?.version ?? null);
    });
  }

  /** Takes a request back in the caller's transaction, where nobody has decided it yet. */
  async function withdrawApproval(tx: Tx, call: Call, approval: string): Promise<void> {
    const reason = `${call.actor.name} no longer asks for it`;
    const withdrawn = await approvals.withdraw(tx, call, { approval, reason });
    if (withdrawn !== undefined) await recordDecision(tx, call, withdrawn);
  }

  async function getApproval(input: { approval: string }, call: Call): Promise<Approval> {
    const found = await approvals.get(input.approval, call);
    if (!isOfRegistry(found)) throw foreign(input.approval);
    return current(found);
  }

  async function listApprovals(
    input: {
      limit: number;
      after?: string | undefined;
      state?: ApprovalState | undefined;
      model?: string | undefined;
    },
    call: Call,
  ): Promise<{ items: Approval[]; next: string | null }> {
    const { model, ...filter } = input;
    const parent = model === undefined ? {} : { parent: modelPath(model) };
    const { items, next } = await approvals.list({ ...filter, ...parent }, call);
    return { items: await Promise.all(items.filter(isOfRegistry).map(current)), next };
  }

  /** A request with what its alias points to now. */
  async function current(approval: StoredApproval): Promise<Approval> {
    const { model, alias } = Details.parse(approval.details);
    const { project, environment } = approval;
    const found = await registryStore(db).findAlias({ project, environment, model, alias });
    return view(approval, found?.version ?? null);
  }

  function view(approval: StoredApproval, points: number | null): Approval {
    const { model, alias, version, judgedVersion, gate } = Details.parse(approval.details);
    return {
      id: approval.id,
      model,
      alias,
      environment: approval.environment,
      version,
      digest: approval.digest,
      current: points,
      judgedVersion,
      gate,
      summary: approval.summary,
      ...Said.parse(approval.details),
      state: approval.state,
      fourEyes: approval.fourEyes,
      requestedAt: approval.requestedAt.toISOString(),
      requestedBy: approval.requestedBy,
      notBy: [...approval.notBy],
      expiresAt: approval.expiresAt.toISOString(),
      decidedAt: approval.decidedAt?.toISOString() ?? null,
      decidedBy: approval.decidedBy,
      reason: approval.reason,
      url: `${publicUrl()}${pageOf(approval)}`,
    };
  }

  /** The work that ends a question when its time is over, also where nobody looks at it. */
  const expiry: WorkDefinition = defineWork<{ approval: string }>({
    kind: EXPIRY_KIND,
    async run(job) {
      const { approval } = job.payload;
      const call = systemCall(job.call.scope, EXPIRY_KIND, job.signal);
      const leftMs = await job.record(async (tx) => {
        const outcome = await approvals.expire(tx, call, approval);
        if (outcome === "ended") return 0;
        if ("leftMs" in outcome) return outcome.leftMs;
        await recordDecision(tx, call, outcome.expired);
        return 0;
      });
      if (leftMs > 0) await job.requeue(leftMs, async () => {});
      else await job.finish(async () => null);
    },
  });

  return {
    askApproval,
    requestApproval,
    decideApproval,
    withdrawApproval,
    getApproval,
    listApprovals,
    expiry,
  };
}

function isOfRegistry({ parent }: StoredApproval): boolean {
  return parent.startsWith("/api/registry/models/");
}

/** The page on which a person decides. */
function pageOf(approval: StoredApproval): string {
  const { model, version } = Details.parse(approval.details);
  return pagePath(approval, ["registry", model, version], { approval: approval.id });
}

function defaultSummary(
  { alias, version, previous }: { alias: string; version: number; previous: number | null },
  gate: string | null,
): string {
  const move =
    previous === null
      ? `${alias} becomes version ${version}`
      : `${alias} moves from version ${previous} to ${version}`;
  return gate === null ? move : `${move}: ${gate}`;
}

function movesFact(from: number | null, gate: Gate | undefined): ApprovalFact {
  return { says: "moves", from, judgement: gate === undefined ? null : judgementOf(gate) };
}

function uniqueActors(actors: readonly Actor[]): Actor[] {
  return [...new Map(actors.map((actor) => [`${actor.kind} ${actor.id}`, actor])).values()];
}

function pointsThere({ model, alias, version }: ApprovalWish): Error {
  return fail("CONFLICT", {
    message: `${model}@${alias} is version ${version} already`,
    field: "version",
    value: version,
    help: "There is nothing to ask for.",
  });
}

function foreign(approval: string): Error {
  return fail("NOT_FOUND", {
    message: `The request ${approval} is not about an alias`,
    field: "approval",
    value: approval,
    help: "npx --no causeway registry approvals lists those that are.",
  });
}
