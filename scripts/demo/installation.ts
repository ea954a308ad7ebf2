import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { createClient, type NodeClient } from "@causeway/sdk";
import { lockedNode, root } from "../set-up.js";
import type { DemoOptions } from "./options.ts";
import type { Project } from "./project.ts";

const COMMAND = join(root, "cli", "bin", "causeway.js");

/** A Causeway that `causeway up` started. */
export type Installation = {
  readonly url: string;
  readonly client: NodeClient;
  /** Runs a command of the project, as a user types it; gives what it printed. */
  cli(...args: string[]): Promise<string>;
  /** Resolves when it ended, asked or not. */
  readonly ended: Promise<number>;
  stop(): Promise<void>;
};

/** Starts `causeway up` in the project folder. Channels of this machine are let in: the receiver of messages lives here. */
export async function startInstallation(
  project: Project,
  { port, gatewayPort }: Pick<DemoOptions, "port" | "gatewayPort">,
): Promise<Installation> {
  const args = ["up", "--json", "--data-dir", project.dataDir, "--port", `${port}`];
  const up = spawn(
    lockedNode,
    [COMMAND, ...args, "--gateway-port", `${gatewayPort}`, "--allow-private-channels"],
    {
      cwd: project.folder,
      env: ownVariables(),
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    },
  );
  const said: string[] = [];
  up.stderr.setEncoding("utf8").on("data", (text: string) => said.push(text));
  const ended = once(up, "exit").then(([code]) => Number(code ?? 1));
  const ready = await Promise.race([
    firstLine(up),
    ended.then((code) => {
      throw new Error(`causeway up ended with ${code}: ${said.join("")}`);
    }),
  ]);
  const { url } = JSON.parse(ready) as { url: string }; // the line that `up --json` promises
  return {
    url,
    client: createClient({ dataDir: project.dataDir, url }),
    cli: (...command) => run(project, command),
    ended,
    async stop() {
      up.kill("SIGTERM");
      await ended;
    },
  };
}

async function firstLine(up: ChildProcess): Promise<string> {
  if (up.stdout === null) throw new Error("standard output of causeway up is no pipe");
  const lines = createInterface({ input: up.stdout });
  const [line] = await once(lines, "line");
  return String(line);
}

async function run({ folder, dataDir }: Project, command: readonly string[]): Promise<string> {
  const child = spawn(lockedNode, [COMMAND, ...command, "--data-dir", dataDir], {
    cwd: folder,
    env: ownVariables(),
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(`causeway ${command.join(" ")} ended with ${code}: ${stderr || stdout}`);
  return stdout;
}

/** The surroundings without what would lead the commands to another Causeway. */
function ownVariables(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(CAUSEWAY_|DATABASE_URL)/.test(name)),
  );
}
