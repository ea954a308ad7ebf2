import { Worker } from "node:worker_threads";
import { fail, fromProblem, type Problem } from "@causeway/contract";
import type { Row, Tensor } from "../runtimes/index.ts";
import type { ModelFacts, ModelSource } from "./load-model.ts";

/** From the gateway to a model's thread. */
export type ThreadRequest =
  | { readonly kind: "run"; readonly rows: readonly Row[] }
  | { readonly kind: "end" };

/** From a model's thread to the gateway; a `run` is answered by `tensors` or `failed`, one at a time. */
export type ThreadReply =
  | { readonly kind: "ready"; readonly facts: ModelFacts }
  | { readonly kind: "tensors"; readonly tensors: readonly Tensor[] }
  | { readonly kind: "failed"; readonly problem: Problem };

export type ThreadedModel = {
  readonly facts: ModelFacts;
  /** One run at a time: the caller queues. */
  run(rows: readonly Row[]): Promise<readonly Tensor[]>;
  release(): Promise<void>;
};

/**
 * Loads a model in a thread of its own, for models whose runs would hold up the requests of all others. The thread is always
 * asked to end, never terminated: onnxruntime takes the whole process down when a running session loses its thread.
 */
export async function startThreadedModel(
  source: ModelSource,
  onDeath: (cause: Error) => void,
): Promise<ThreadedModel> {
  const thread = new Worker(new URL("./model-thread.ts", import.meta.url), { workerData: source });
  let awaited: { resolve: (reply: ThreadReply) => void; reject: (reason: unknown) => void } | undefined;
  let ending = false;

  thread.on("message", (reply: ThreadReply) => {
    const current = awaited;
    awaited = undefined;
    current?.resolve(reply);
  });
  thread.on("error", (cause) => awaited?.reject(ended(cause)));
  const exited = new Promise<void>((resolve) => thread.once("exit", () => resolve()));
  thread.once("exit", (code) => {
    const cause = new Error(`the model's thread ended with code ${code}`);
    awaited?.reject(ended(cause));
    if (!ending) onDeath(cause);
  });

  async function ask(request: ThreadRequest | null): Promise<ThreadReply> {
    const { promise, resolve, reject } = Promise.withResolvers<ThreadReply>();
    awaited = { resolve, reject };
    if (request) thread.postMessage(request);
    const reply = await promise;
    if (reply.kind === "failed") throw fromProblem(reply.problem);
    return reply;
  }

  async function release(): Promise<void> {
    ending = true;
    thread.postMessage({ kind: "end" } satisfies ThreadRequest);
    await exited;
  }

  try {
    const ready = await ask(null);
    if (ready.kind !== "ready")
      throw fail("INTERNAL", { message: `a model's thread began with ${ready.kind}` });
    return {
      facts: ready.facts,
      async run(rows) {
        const reply = await ask({ kind: "run", rows });
        return reply.kind === "tensors" ? reply.tensors : [];
      },
      release,
    };
  } catch (error) {
    await release();
    throw error;
  }
}

function ended(cause: unknown) {
  return fail("UNAVAILABLE", {
    message: "the model's thread ended while it was answering",
    help: "send the request again; the model is being loaded anew",
    cause,
  });
}
