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
 * Keeps a few fresh processes of the role `step` started ahead, while a step runs that others follow: a follower does not
 * wait for Node's start. A process is used for one attempt and no other.
 */
export function createSpareProcesses({ program, root, dataDir, variables, owner }: Parts) {
  const spares = new Set<Spare>();

  function start(kind: SpareKind): void {
    const process = startProcess({
      command: program.command,
      args: [...program.args, "step", "--data-dir", dataDir, "--spare", kind],
      cwd: dataDir,
      variables: { ...variables, ...compileCache(root) },
      attempt: `spare-${randomUUID()}`,
      owner,
      takesInput: true,
    });
    const timer = setTimeout(() => {
      spares.delete(spare);
      void process.discard();
    }, IDLE_MS).unref();
    const spare: Spare = { kind, process, timer };
    spares.add(spare);
  }

  return {
    /** Sees to it that there is a spare for each of the steps that come next. */
    prepare(kinds: readonly SpareKind[]): void {
      const alive = [...spares].filter(({ process }) => process.isAlive()).map(({ kind }) => kind);
      for (const kind of kinds) {
        const at = alive.indexOf(kind);
        if (at === -1) start(kind);
        else alive.splice(at, 1);
      }
    },
    /** Takes the spare of the kind that was started first, if there is one. */
    take(kind: SpareKind): StartedProcess | undefined {
      for (const spare of spares) {
        const { process, timer } = spare;
        if (process.isAlive() && spare.kind !== kind) continue;
        clearTimeout(timer);
        spares.delete(spare);
        if (process.isAlive()) return process;
      }
      return undefined;
    },
  };
}
