import { text } from "node:stream/consumers";
import { fail, toProblem } from "@causeway/contract";
import type { TaskDefinition } from "./define-task.ts";
import { encodeMessage, type TaskMessage, type TaskOrder } from "./task-wire.ts";

const PROGRESS_PAUSE_MS = 200;

/** The other end of `runTask`: reads the order, runs the named task, writes progress and the outcome. */
export async function serveTask(options: {
  readonly tasks: readonly TaskDefinition[];
  readonly name: string;
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
}): Promise<void> {
  const send = (message: TaskMessage): Promise<void> =>
    new Promise((resolve) => {
      options.output.write(encodeMessage(message), () => resolve());
    });
  try {
    const task = options.tasks.find(({ name }) => name === options.name);
    if (task === undefined)
      throw fail("NOT_FOUND", { message: `There is no task ${options.name}`, value: options.name });
    const { input, scratch, dataDir } = JSON.parse(await text(options.input)) as TaskOrder; // written by `runTask`
    let shownAt = 0;
    const result = await task.run(input as never, {
      scratch,
      dataDir,
      progress(progress) {
        if (performance.now() - shownAt < PROGRESS_PAUSE_MS) return;
        shownAt = performance.now();
        void send({ kind: "progress", progress });
      },
    });
    await send({ kind: "result", result });
  } catch (error) {
    // The text of an unknown failure would be lost in the problem; standard error goes to the worker's log.
    console.error(error);
    await send({ kind: "problem", problem: toProblem(error) });
  }
}
