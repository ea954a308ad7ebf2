import { randomUUIDv7 } from "node:crypto";
import { describe, expect, it } from "vitest";
import { testDatabase } from "../../../testing/database.ts";
import { systemCall } from "../access/index.ts";
import { createAudit } from "../audit/index.ts";
import { createNewId } from "../database/index.ts";
import { createIdempotency } from "./index.ts";

const newId = createNewId();
const { db } = await testDatabase();
const audit = createAudit({ db, newId });
const idempotency = createIdempotency({ db, audit, aloneSince: new Date() });

/** A request whose answer cannot be made again. */
const run = <Answer>(work: () => Promise<Answer>) => ({ run: work, recover: async () => undefined });

function request(key: string, content = "POST /things {}") {
  return { key, caller: "user:admin", secret: "cwa_secret", content, requestId: randomUUIDv7() };
}

describe("a request with an Idempotency-Key", () => {
  it("does its work once and answers the same again", async () => {
    let done = 0;
    const work = async () => {
      done += 1;
      return { number: done };
    };
    expect(await idempotency.once(request("a"), run(work))).toEqual({ number: 1 });
    expect(await idempotency.once(request("a"), run(work))).toEqual({ number: 1 });
    expect(done).toBe(1);
  });

  it("waits for itself when it comes twice at once", async () => {
    let done = 0;
    const work = async () => {
      await new Promise((resolve) => setTimeout(resolve, 50));
      done += 1;
      return { number: done };
    };
    const answers = await Promise.all([1, 2, 3].map(() => idempotency.once(request("b"), run(work))));
    expect(answers).toEqual([{ number: 1 }, { number: 1 }, { number: 1 }]);
  });

  it("is refused with another body, and is another one for another caller", async () => {
    await idempotency.once(
      request("c"),
      run(async () => 1),
    );
    const other = idempotency.once(
      request("c", "POST /things {1}"),
      run(async () => 2),
    );
    await expect(other).rejects.toMatchObject({ code: "IDEMPOTENCY_MISMATCH" });
    const foreign = { ...request("c"), caller: "token:7" };
    expect(
      await idempotency.once(
        foreign,
        run(async () => 3),
      ),
    ).toBe(3);
  });

  it("may be tried again after an error", async () => {
    const failing = idempotency.once(
      request("d"),
      run(async () => {
        throw new Error("not now");
      }),
    );
    await expect(failing).rejects.toThrow("not now");
    expect(
      await idempotency.once(
        request("d"),
        run(async () => "now"),
      ),
    ).toBe("now");
  });

  it("looks for what it changed when the connection broke and nobody knows whether it was committed", async () => {
    const lost = { ...request("i"), requestId: randomUUIDv7() };
    const committed = idempotency.once(lost, {
      run: async () => {
        await change(lost.requestId);
        throw Object.assign(new Error("the connection ended"), { code: "57P02" });
      },
      recover: async () => undefined,
    });
    await expect(committed).rejects.toThrow("the connection ended");
    const work = { run: async () => "made twice", recover: async () => "made once" };
    expect(await idempotency.once({ ...lost, requestId: randomUUIDv7() }, work)).toBe("made once");

    const nothing = request("j");
    const failed = idempotency.once(
      nothing,
      run(() => Promise.reject(new Error("Connection terminated unexpectedly"))),
    );
    await expect(failed).rejects.toThrow("terminated");
    expect(
      await idempotency.once(
        { ...nothing, requestId: randomUUIDv7() },
        run(async () => "done"),
      ),
    ).toBe("done");
  });

  it("keeps its answer unreadable for whoever reads the database", async () => {
    await idempotency.once(
      request("e"),
      run(async () => ({ secret: "cw_shown_once" })),
    );
    const rows = await db.selectFrom("platform_idempotency_keys").selectAll().execute();
    for (const row of rows) expect(row.answer?.includes("cw_shown_once")).not.toBe(true);
  });

  it("starts over when its process ended before the change, and says so when it ended after", async () => {
    const before = request("f");
    void idempotency.once(
      before,
      run(() => new Promise(() => {})),
    );
    const after = request("g");
    void idempotency.once(
      after,
      run(() => changeAndDie(after.requestId)),
    );
    await expect.poll(() => audit.listByRequest(after.requestId, new Date(0))).toHaveLength(1);
    const restarted = createIdempotency({ db, audit, aloneSince: new Date(Date.now() + 1) });
    expect(
      await restarted.once(
        request("f"),
        run(async () => "again"),
      ),
    ).toBe("again");
    await expect(
      restarted.once(
        request("g"),
        run(async () => "again"),
      ),
    ).rejects.toMatchObject({
      code: "CONFLICT",
      value: "/api/things/1",
    });
  });

  it("gets its answer from the thing that it made, where its process ended before it answered", async () => {
    const lost = request("h");
    void idempotency.once(
      lost,
      run(() => changeAndDie(lost.requestId)),
    );
    await expect.poll(() => audit.listByRequest(lost.requestId, new Date(0))).toHaveLength(1);
    const restarted = createIdempotency({ db, audit, aloneSince: new Date(Date.now() + 1) });
    const work = {
      run: async () => "made twice",
      recover: async (subject: string) => (subject === "/api/things/1" ? "made once" : undefined),
    };
    expect(await restarted.once(request("h"), work)).toBe("made once");
    expect(await restarted.once(request("h"), work)).toBe("made once");
  });
});

/** Commits a change and never answers, as a process that is killed between the two. */
async function changeAndDie(requestId: string): Promise<never> {
  await change(requestId);
  return new Promise(() => {});
}

async function change(requestId: string): Promise<void> {
  const call = { ...systemCall({ project: "default", environment: "dev" }, "x"), requestId };
  const made = { action: "data.thing-made", subject: "/api/things/1" };
  await db.transaction().execute((tx) => audit.record(tx, call, made));
}
