import { type Actor, type ApprovalState, fail, type Json } from "@causeway/contract";
import type { Call } from "../access/call.ts";
import type { Database, Tx } from "../database/index.ts";
import { keysetPage, uuidCursor } from "../paging/index.ts";
import type { WorkQueue } from "../work/index.ts";
import { approvalsStore, type StoredApproval } from "./approvals-store.ts";
import { checkDecision } from "./decide-approval.ts";

/** What approvals are made from. */
export type ApprovalsParts = {
  readonly database: Pick<Database, "db">;
  readonly work: Pick<WorkQueue, "enqueue" | "cancel">;
  readonly now: () => Date;
  readonly newId: () => string;
};

/** A question to people. */
export type ApprovalRequest = {
  /** REST path of what would change, and of the thing that it belongs to. */
  readonly subject: string;
  readonly parent: string;
  /** What the answer is about, to the byte. */
  readonly digest: string;
  readonly summary: string;
  /** What the asking stage needs to act on the answer. */
  readonly details: Readonly<Record<string, Json>>;
  readonly fourEyes: boolean;
  readonly notBy: readonly Actor[];
  readonly expiresAfterMs: number;
  /** Kind of work that is woken when the time is over; its payload is `{ approval }`. */
  readonly expiry: string;
};

/** Questions to people, bound to the content that they are about. */
export type Approvals = ReturnType<typeof createApprovals>;

/** Makes the service; what a decision changes is done by the asking stage, in the same transaction. */
export function createApprovals({ database, work, now, newId }: ApprovalsParts) {
  const { db } = database;

  /** Asks. An older pending question of the same requester about the same subject is withdrawn and given back too. */
  async function request(
    tx: Tx,
    call: Call,
    asked: ApprovalRequest,
  ): Promise<{ approval: StoredApproval; withdrawn: StoredApproval[] }> {
    const { expiry, ...question } = asked;
    const store = approvalsStore(tx);
    const older = await store.listPending(call.scope, { subject: asked.subject, by: call.actor });
    const withdrawn: StoredApproval[] = [];
    const reason = "A later request took its place";
    for (const one of older) {
      const held = await hold(tx, one);
      if (held?.state !== "pending") continue;
      withdrawn.push(await end(tx, held, { state: "withdrawn", decidedBy: call.actor, reason }));
    }
    const id = newId();
    const expiryWork = await work.enqueue(tx, call, {
      kind: expiry,
      subject: asked.subject,
      payload: { approval: id },
      notBefore: new Date(now().getTime() + asked.expiresAfterMs),
    });
    const approval = await store.insert({
      ...question,
      id,
      ...call.scope,
      details: { ...asked.details, expiryWork },
      requestedBy: call.actor,
    });
    return { approval, withdrawn };
  }

  /** Takes a decision, or refuses it. */
  async function decide(
    tx: Tx,
    call: Call,
    decision: { approval: string; approved: boolean; digest: string; reason: string },
  ): Promise<StoredApproval> {
    const seen = await approvalsStore(tx).find(call.scope, decision.approval);
    const found = seen === undefined ? undefined : await hold(tx, seen);
    if (found === undefined) throw noApproval(decision.approval, call);
    checkDecision(found, { actor: call.actor, digest: decision.digest });
    return end(tx, found, {
      state: decision.approved ? "approved" : "rejected",
      decidedBy: call.actor,
      reason: decision.reason === "" ? null : decision.reason,
    });
  }

  /** Takes a question back that nobody has answered; answers it, or nothing where it has ended. */
  async function withdraw(
    tx: Tx,
    call: Call,
    { approval, reason }: { approval: string; reason: string },
  ): Promise<StoredApproval | undefined> {
    const found = await approvalsStore(tx).lock(call.scope, approval);
    if (found?.state !== "pending") return undefined;
    return end(tx, found, { state: "withdrawn", decidedBy: call.actor, reason });
  }

  /** Ends a question whose time is over; answers how long that still takes, or the question once it has expired. */
  async function expire(
    tx: Tx,
    call: Pick<Call, "scope">,
    id: string,
  ): Promise<{ expired: StoredApproval } | { leftMs: number } | "ended"> {
    const found = await approvalsStore(tx).lock(call.scope, id);
    if (found === undefined || found.state !== "pending") return "ended";
    if (!found.hasExpired) return { leftMs: Math.max(found.expiresAt.getTime() - now().getTime(), 100) };
    const ending = { state: "expired" as const, decidedBy: null, reason: null };
    return { expired: await approvalsStore(tx).end(id, ending, found.details) };
  }

  /**
   * Locks a question for its end, the work that waits for its expiry first: that work takes the two in the same order, so
   * that neither waits for the other forever.
   */
  async function hold(tx: Tx, { id, details, ...scope }: StoredApproval) {
    const { expiryWork } = details;
    if (typeof expiryWork === "string") await work.cancel(tx, expiryWork);
    return approvalsStore(tx).lock(scope, id);
  }

  function end(
    tx: Tx,
    approval: StoredApproval,
    ending: { state: "approved" | "rejected" | "withdrawn"; decidedBy: Actor; reason: string | null },
  ): Promise<StoredApproval> {
    const { expiryWork: _over, ...details } = approval.details;
    return approvalsStore(tx).end(approval.id, ending, details);
  }

  /** Records what nobody had to be asked about: the rule decided. */
  async function record(
    tx: Tx,
    call: Call,
    decided: Omit<ApprovalRequest, "expiry" | "expiresAfterMs"> & { reason: string },
  ): Promise<StoredApproval> {
    const { reason, ...question } = decided;
    const store = approvalsStore(tx);
    const made = await store.insert({
      ...question,
      id: newId(),
      ...call.scope,
      requestedBy: call.actor,
      expiresAfterMs: 0,
    });
    return store.end(made.id, { state: "approved", decidedBy: call.actor, reason }, made.details);
  }

  async function get(id: string, call: Pick<Call, "scope">): Promise<StoredApproval> {
    const found = await approvalsStore(db).find(call.scope, id);
    if (found === undefined) throw noApproval(id, call);
    return found;
  }

  async function list(
    input: {
      limit: number;
      after?: string | undefined;
      state?: ApprovalState | undefined;
      parent?: string | undefined;
    },
    call: Pick<Call, "scope">,
  ): Promise<{ items: StoredApproval[]; next: string | null }> {
    const rows = await approvalsStore(db).list({
      scope: call.scope,
      state: input.state,
      parent: input.parent,
      after: uuidCursor(input.after),
      limit: input.limit + 1,
    });
    return keysetPage(rows, input.limit, ({ id }) => id);
  }

  /** The questions about anything of a parent that wait for an answer, in every environment. */
  function listOpen(tx: Tx, of: { project: string; parent: string }): Promise<StoredApproval[]> {
    return approvalsStore(tx).listOpen(of);
  }

  return { request, decide, withdraw, expire, record, get, list, listOpen };
}

function noApproval(id: string, { scope }: Pick<Call, "scope">): Error {
  return fail("NOT_FOUND", {
    message: `There is no request for approval ${id} in ${scope.environment}`,
    field: "approval",
    value: id,
    help: "npx --no causeway registry approvals lists them; --env names another environment.",
  });
}
