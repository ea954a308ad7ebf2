import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { fail } from "@causeway/contract";
import type { Audit } from "../audit/index.ts";
import type { Db } from "../database/index.ts";
import { idempotencyStore } from "./idempotency-store.ts";
import { openAnswer, sealAnswer } from "./sealed-answer.ts";

/** A request that says it is the same as every other one with its key. */
export type KeyedRequest = {
  readonly key: string;
  /** Who asks: the same key of another caller is another key. */
  readonly caller: string;
  /** The secret that the caller came with; seals the answer together with the key. */
  readonly secret: string;
  /** Method, path, scope and body, as one text. */
  readonly content: string;
  readonly requestId: string;
};

/** How long a request of another process is waited for before it counts as lost. */
const LOST_AFTER_MS = 10_000;
const LOOK_MS = 100;

/** Repeats answers. */
export type Idempotency = ReturnType<typeof createIdempotency>;

/**
 * Makes the keeper of answers. `aloneSince` is when this process started, where no other serves the same database: a
 * request that was unanswered then will never be, because its process has ended.
 */
export function createIdempotency({
  db,
  audit,
  aloneSince,
}: {
  db: Db;
  audit: Audit;
  aloneSince: Date | null;
}) {
  const running = new Map<string, Promise<unknown>>();

  /** Does the work once per key, and gives its answer each time. An error is not kept: the request may be tried again. */
  async function once<Answer>(request: KeyedRequest, work: () => Promise<Answer>): Promise<Answer> {
    const store = idempotencyStore(db);
    const key = sha256(`${request.caller}\0${request.key}`);
    const claim = { requestSha256: sha256(request.content), requestId: request.requestId };
    const seal = `${request.key}\0${request.secret}`;
    while (!(await store.claim(key, claim))) {
      await running.get(key)?.catch(() => undefined);
      const kept = await store.find(key);
      if (kept === undefined) continue;
      if (kept.isOld) {
        await store.free(key, kept.requestId);
        continue;
      }
      if (kept.requestSha256 !== claim.requestSha256) throw mismatch(request.key);
      if (kept.answer !== null) {
        const answer = openAnswer(kept.answer, seal);
        // The text is what `keepAnswer` below made of an answer of this very request.
        if (answer !== undefined) return JSON.parse(answer) as Answer;
        throw mismatch(request.key);
      }
      await waitOrFree(key, kept);
    }
    const doing = work();
    running.set(key, doing);
    try {
      const answer = await doing;
      await store.keepAnswer(key, request.requestId, sealAnswer(JSON.stringify(answer), seal));
      return answer;
    } catch (error) {
      await store.free(key, request.requestId);
      throw error;
    } finally {
      running.delete(key);
    }
  }

  /** A request without an answer: it runs elsewhere, or its process ended before or after the change. */
  async function waitOrFree(key: string, kept: { requestId: string; createdAt: Date }): Promise<void> {
    const isLost =
      (aloneSince !== null && kept.createdAt < aloneSince) ||
      Date.now() - kept.createdAt.getTime() > LOST_AFTER_MS;
    if (!isLost) {
      await sleep(LOOK_MS);
      return;
    }
    const done = await audit.findByRequest(kept.requestId);
    if (done !== undefined && done.recordedAt >= kept.createdAt.toISOString()) {
      throw fail("CONFLICT", {
        message: `The first request with this Idempotency-Key did its work (${done.action}), and its answer was lost with the server`,
        field: "Idempotency-Key",
        value: done.subject,
        help: `Read ${done.subject} for the result; do not send the request again with a new key.`,
      });
    }
    await idempotencyStore(db).free(key, kept.requestId);
  }

  return { once, sweep: () => idempotencyStore(db).deleteOld() };
}

function mismatch(key: string) {
  return fail("IDEMPOTENCY_MISMATCH", {
    message: "This Idempotency-Key was sent with another request within the last 24 hours",
    field: "Idempotency-Key",
    value: key,
    help: "Send a new key with each new request, and the same one only to repeat it unchanged.",
  });
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
