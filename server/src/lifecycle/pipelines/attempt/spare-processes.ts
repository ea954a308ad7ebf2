import { randomUUID } from "node:crypto";
import { type Program, type StartedProcess, startProcess } from "../../../platform/processes/index.ts";
import { compileCache } from "./step-command.ts";

/** A spare that nobody takes for this long is let go. */
const IDLE_MS = 10_000;

/** What a spare loads before it is told its step. */
export type SpareKind = "function" | "library";

type Parts = {
  readonly program: Program;
  readonly root: string;
  readonly dataDir: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly owner: string;
};

type Spare = { readonly kind: SpareKind; readonly process: StartedProcess; readonly timer: NodeJS.Timeout };

/**
 * Keeps at most one fresh process of the role `step` started ahead, while a step runs that another one follows: the follower
 * does not wait for Node's start. A process is used for one attempt and no other.
 */
export function createSpareProcesses({ program, root, dataDir, variables, owner }: Parts) {
  let spare: Spare | undefined;

  function release(): Spare | undefined {
    const released = spare;
    clearTimeout(released?.timer);
    spare = undefined;
    return released;
  }

  async function discard(): Promise<void> {
    await release()?.process.discard();
  }

  return {
    /** Starts a spare of the kind, unless there is one. */
    prepare(kind: SpareKind): void {
      if (spare?.kind === kind && spare.process.isAlive()) return;
      void discard();
      const process = startProcess({
        command: program.command,
        args: [...program.args, "step", "--data-dir", dataDir, "--spare", kind],
        cwd: dataDir,
        variables: { ...variables, ...compileCache(root) },
        attempt: `spare-${randomUUID()}`,
        owner,
        takesInput: true,
      });
      spare = { kind, process, timer: setTimeout(() => void discard(), IDLE_MS).unref() };
    },
    /** Takes the spare of the kind, if there is one. */
    take(kind: SpareKind): StartedProcess | undefined {
      if (spare?.kind !== kind || !spare.process.isAlive()) return undefined;
      return release()?.process;
    },
    discard,
  };
}
