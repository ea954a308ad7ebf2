import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { fail } from "@causeway/contract";
import type { Audit } from "../audit/index.ts";
import { type Db, isConnectionLost } from "../database/index.ts";
import { idempotencyStore, type KeptRequest } from "./idempotency-store.ts";
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

/** How a request is answered. */
export type Work<Answer> = {
  readonly run: () => Promise<Answer>;
  /** Makes the answer from the thing that an earlier run changed, by its REST path; undefined where that is not possible. */
  readonly recover: (subject: string) => Promise<Answer | undefined>;
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
  const broken = new Set<string>();

  /** Does the work once per key, and gives its answer each time. An error is not kept: the request may be tried again. */
  async function once<Answer>(request: KeyedRequest, work: Work<Answer>): Promise<Answer> {
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
      if (!isLost(kept)) {
        await sleep(LOOK_MS);
        continue;
      }
      const recovered = await recover(kept, work);
      if (recovered !== undefined) {
        await store.keepAnswer(key, kept.requestId, sealAnswer(JSON.stringify(recovered), seal));
        return recovered;
      }
      await store.free(key, kept.requestId);
    }
    const doing = work.run();
    running.set(key, doing);
    try {
      const answer = await doing;
      await store.keepAnswer(key, request.requestId, sealAnswer(JSON.stringify(answer), seal));
      return answer;
    } catch (error) {
      // A connection that broke says nothing of its commit: whoever repeats the request looks for what it changed.
      if (isConnectionLost(error)) remember(request.requestId);
      else await store.free(key, request.requestId);
      throw error;
    } finally {
      running.delete(key);
    }
  }

  function remember(requestId: string): void {
    broken.add(requestId);
    setTimeout(() => broken.delete(requestId), LOST_AFTER_MS).unref();
  }

  /** True for a request whose process or connection has ended, or is taken to have. */
  function isLost({ requestId, createdAt }: KeptRequest): boolean {
    return (
      broken.has(requestId) ||
      (aloneSince !== null && createdAt < aloneSince) ||
      Date.now() - createdAt.getTime() > LOST_AFTER_MS
    );
  }

  /** What a lost request has changed tells its answer; undefined where it changed nothing and may be done again. */
  async function recover<Answer>(kept: KeptRequest, work: Work<Answer>): Promise<Answer | undefined> {
    const done = await audit.listByRequest(kept.requestId, kept.createdAt);
    for (const { subject } of done) {
      const answer = await work.recover(subject);
      if (answer !== undefined) return answer;
    }
    const [first] = done;
    if (first === undefined) return undefined;
    throw fail("CONFLICT", {
      message: `The first request with this Idempotency-Key did its work (${first.action}), and its answer was lost with the server`,
      field: "Idempotency-Key",
      value: first.subject,
      help: `Read ${first.subject} for the result; do not send the request again with a new key.`,
    });
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
