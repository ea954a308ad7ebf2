import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Finished, ROOT, type Running, run } from "./causeway.ts";

/** A command as the README prints it, and what was seen when it ran. */
export type Told = { command: string; finished: Finished };

/** The commands of a README's chapter: lines that begin with `$ ` in its console blocks; a `\` at the end goes on. */
export function commandsOf(readme: string, chapter: string): string[] {
  const text = readFileSync(join(ROOT, readme), "utf8");
  const start = text.indexOf(`\n## ${chapter}`);
  if (start < 0) throw new Error(`${readme} has no chapter "${chapter}"`);
  const end = text.indexOf("\n## ", start + 4);
  const body = text.slice(start, end < 0 ? undefined : end);
  return [...body.matchAll(/```console\n([\s\S]*?)```/g)]
    .flatMap((block) => (block[1] ?? "").replaceAll("\\\n", " ").split("\n"))
    .filter((line) => line.startsWith("$ "))
    .map((line) => line.slice(2).trim());
}

/**
 * Types a chapter's commands into a shell one after the other, beside a running Causeway. `replace` is what a reader does
 * by hand: another path, another port.
 */
export async function follow(
  running: Running,
  commands: readonly string[],
  replace: Record<string, string> = {},
): Promise<Told[]> {
  const told: Told[] = [];
  for (const printed of commands) {
    if (printed === "npm start") continue;
    const command = Object.entries({ "http://127.0.0.1:7421": running.gatewayUrl, ...replace }).reduce(
      (text, [from, to]) => text.replaceAll(from, to),
      printed,
    );
    const variables = {
      CAUSEWAY_DATA_DIR: running.dataDir,
      PATH: `${ROOT}node_modules/.bin:${process.env["PATH"]}`,
    };
    const finished = await run("bash", ["-c", `set -o pipefail; ${command}`], { variables });
    if (finished.code !== 0) {
      throw new Error(`${command}\nended with ${finished.code}\n${finished.stdout}\n${finished.stderr}`);
    }
    told.push({ command: printed, finished });
  }
  return told;
}

/** What the one command that contains a text printed. */
export function printed(told: readonly Told[], part: string): string {
  const found = told.find(({ command }) => command.includes(part));
  if (found === undefined) throw new Error(`no command contains ${part}`);
  return found.finished.stdout;
}
