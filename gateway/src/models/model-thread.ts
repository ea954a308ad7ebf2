import { parentPort, workerData } from "node:worker_threads";
import { toProblem } from "@causeway/contract";
import { type LoadedModel, loadModel, type ModelSource } from "./load-model.ts";
import type { ThreadReply, ThreadRequest } from "./threaded-model.ts";

// The whole of a model's thread: load, answer until asked to end, release.
const port = parentPort;
if (!port) throw new Error("model-thread.ts runs as a worker thread");

const reply = (message: ThreadReply) => port.postMessage(message);

async function load(): Promise<LoadedModel | undefined> {
  try {
    // startThreadedModel gives a ModelSource as the thread's data.
    const loaded = await loadModel(workerData as ModelSource);
    reply({ kind: "ready", facts: loaded.facts });
    return loaded;
  } catch (error) {
    reply({ kind: "failed", problem: toProblem(error) });
    return undefined;
  }
}

const loading = load();

port.on("message", async (request: ThreadRequest) => {
  const loaded = await loading;
  switch (request.kind) {
    case "run":
      try {
        reply({ kind: "tensors", tensors: (await loaded?.model.run(request.rows)) ?? [] });
      } catch (error) {
        reply({ kind: "failed", problem: toProblem(error) });
      }
      return;
    case "end":
      await loaded?.model.release();
      port.close();
      return;
    default:
      request satisfies never;
  }
});
